package org.fwreplay.xt;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.fwreplay.packet.Family;

/** All extensions there are, by name and family; built-in and from jars on the class path. */
public final class Extensions {
  private final Map<Family, Map<String, MatchExtension>> matches = new EnumMap<>(Family.class);
  private final Map<Family, Map<String, TargetExtension>> targets = new EnumMap<>(Family.class);
  private final Map<Extension, Map<String, Option>> options = new IdentityHashMap<>();
  private Map<String, String> dialects = Map.of();

  private Extensions() {
    for (Family family : Family.values()) {
      matches.put(family, new HashMap<>());
      targets.put(family, new HashMap<>());
    }
  }

  /**
   * Loads all that ServiceLoader finds.
   *
   * @throws IllegalStateException where two serve the same name and family
   */
  public static Extensions load() {
    Extensions all = new Extensions();
    for (MatchExtension e : ServiceLoader.load(MatchExtension.class)) {
      add(all.matches, e);
    }
    for (TargetExtension e : ServiceLoader.load(TargetExtension.class)) {
      add(all.targets, e);
    }
    return all;
  }

  private static <E extends Extension> void add(Map<Family, Map<String, E>> all, E extension) {
    for (Family family : extension.families()) {
      E other = all.get(family).putIfAbsent(extension.name(), extension);
      if (other != null) {
        throw new IllegalStateException(
            "two extensions named "
                + extension.name()
                + ": "
                + other.getClass().getName()
                + " and "
                + extension.getClass().getName());
      }
    }
  }

  /**
   * Has an extension behave in another way than its usual one, where systems differ.
   *
   * @param name whose, as the extension asks for it by {@link Arguments#dialect}
   */
  public Extensions withDialect(String name, String dialect) {
    Map<String, String> more = new HashMap<>(dialects);
    more.put(name, dialect);
    dialects = Map.copyOf(more);
    return this;
  }

  /** The ways to behave that were asked for, by name. */
  public Map<String, String> dialects() {
    return dialects;
  }

  /** The match of that name, or null. */
  public MatchExtension match(String name, Family family) {
    return matches.get(family).get(name);
  }

  /** The target of that name, or null. */
  public TargetExtension target(String name, Family family) {
    return targets.get(family).get(name);
  }

  /** Names of all matches of a family, sorted. */
  public List<String> matchNames(Family family) {
    return names(matches.get(family));
  }

  /** Names of all targets of a family, sorted. */
  public List<String> targetNames(Family family) {
    return names(targets.get(family));
  }

  private static List<String> names(Map<String, ?> map) {
    return new ArrayList<>(new TreeSet<>(map.keySet()));
  }

  /** The options of an extension by their names and aliases, in the order declared. */
  public Map<String, Option> options(Extension extension) {
    return options.computeIfAbsent(extension, Extensions::byName);
  }

  private static Map<String, Option> byName(Extension extension) {
    Map<String, Option> byName = new LinkedHashMap<>();
    for (Option option : extension.options()) {
      byName.put(option.name(), option);
      if (!option.alias().isEmpty()) {
        byName.put(option.alias(), option);
      }
    }
    return byName;
  }
}
