package org.fwreplay.xt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.fwreplay.packet.Family;

/** All extensions there are, by name and family; built-in and from jars on the class path. */
public final class Extensions {
  private record Key(String name, Family family) {}

  private final Map<Key, MatchExtension> matches = new HashMap<>();
  private final Map<Key, TargetExtension> targets = new HashMap<>();
  private final Map<String, String> dialects = new HashMap<>();

  /**
   * Loads all that ServiceLoader finds.
   *
   * @throws IllegalStateException where two serve the same name and family
   */
  public static Extensions load() {
    Extensions all = new Extensions();
    for (MatchExtension e : ServiceLoader.load(MatchExtension.class)) {
      all.add(all.matches, e);
    }
    for (TargetExtension e : ServiceLoader.load(TargetExtension.class)) {
      all.add(all.targets, e);
    }
    return all;
  }

  private <E extends Extension> void add(Map<Key, E> map, E extension) {
    for (Family family : extension.families()) {
      E other = map.putIfAbsent(new Key(extension.name(), family), extension);
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
    dialects.put(name, dialect);
    return this;
  }

  /** The ways to behave that were asked for, by name. */
  public Map<String, String> dialects() {
    return dialects;
  }

  /** The match of that name, or null. */
  public MatchExtension match(String name, Family family) {
    return matches.get(new Key(name, family));
  }

  /** The target of that name, or null. */
  public TargetExtension target(String name, Family family) {
    return targets.get(new Key(name, family));
  }

  /** Names of all matches of a family, sorted. */
  public List<String> matchNames(Family family) {
    return names(matches, family);
  }

  /** Names of all targets of a family, sorted. */
  public List<String> targetNames(Family family) {
    return names(targets, family);
  }

  private static List<String> names(Map<Key, ?> map, Family family) {
    TreeSet<String> names = new TreeSet<>();
    for (Key key : map.keySet()) {
      if (key.family() == family) {
        names.add(key.name());
      }
    }
    return new ArrayList<>(names);
  }
}
