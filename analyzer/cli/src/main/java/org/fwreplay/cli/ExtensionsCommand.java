package org.fwreplay.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Names;
import org.fwreplay.xt.Extension;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.Option;
import picocli.CommandLine.ParameterException;

/** {@code fwreplay extensions}: the matches and targets there are, and what options they take. */
final class ExtensionsCommand extends Command {
  private final Argument<String> name = word(0, "0..1", "NAME", String.class, "A match or target.");

  /**
   * All extensions of one kind, by name: one, or two where the families have one each.
   *
   * @param flag how a rule names it
   */
  private record Kind(String title, String flag, TreeMap<String, Set<Extension>> byName) {
    static Kind of(
        String title,
        String flag,
        Function<Family, List<String>> names,
        BiFunction<String, Family, Extension> find) {
      Kind kind = new Kind(title, flag, new TreeMap<>());
      for (Family family : Family.values()) {
        for (String each : names.apply(family)) {
          kind.byName
              .computeIfAbsent(each, key -> new LinkedHashSet<>())
              .add(find.apply(each, family));
        }
      }
      return kind;
    }
  }

  ExtensionsCommand() {
    super(
        "Lists all matches and targets, those of jars on FWREPLAY_CLASSPATH included; with NAME,"
            + " its options.");
  }

  @Override
  public Integer call() {
    Extensions all = Extensions.load();
    List<Kind> kinds =
        List.of(
            Kind.of("match", "-m", all::matchNames, all::match),
            Kind.of("target", "-j", all::targetNames, all::target));
    PrintWriter out = spec.commandLine().getOut();
    if (name.get() == null) {
      kinds.forEach(kind -> list(out, kind));
    } else {
      describe(out, kinds, name.get());
    }
    out.flush();
    return ExitCode.OK;
  }

  private static void list(PrintWriter out, Kind kind) {
    int width = kind.byName.keySet().stream().mapToInt(String::length).max().orElse(0);
    out.println((kind.title.equals("match") ? "Matches" : "Targets") + " (" + kind.flag + " NAME)");
    kind.byName.forEach(
        (each, extensions) -> {
          Extension first = extensions.iterator().next();
          Set<Family> families = families(extensions);
          String where =
              families.size() == 2 ? "  4 6" : families.contains(Family.IPV4) ? "  4  " : "    6";
          String gone = first.removed().isEmpty() ? "" : " (gone from Linux)";
          out.println("  " + pad(each, width) + where + "  " + first.summary() + gone);
        });
    out.println();
  }

  private static Set<Family> families(Collection<Extension> extensions) {
    Set<Family> families = EnumSet.noneOf(Family.class);
    extensions.forEach(each -> families.addAll(each.families()));
    return families;
  }

  private void describe(PrintWriter out, List<Kind> kinds, String name) {
    boolean found = false;
    for (Kind kind : kinds) {
      for (Extension each : kind.byName.getOrDefault(name, Set.of())) {
        out.print(found ? System.lineSeparator() : "");
        describe(out, kind, each);
        found = true;
      }
    }
    if (!found) {
      TreeSet<String> names = new TreeSet<>();
      kinds.forEach(kind -> names.addAll(kind.byName.keySet()));
      String hint = Suggestions.hint(name, names);
      throw new ParameterException(
          spec.commandLine(),
          "no match or target \"" + name + "\"" + (hint.isEmpty() ? "" : "; " + hint));
    }
  }

  private static void describe(PrintWriter out, Kind kind, Extension extension) {
    out.println(kind.title + " " + extension.name() + ": " + extension.summary());
    if (!extension.removed().isEmpty()) {
      out.println("  " + extension.removed());
    }
    out.println("  families   " + join(extension.families(), ExtensionsCommand::text));
    out.println("  tables     " + (extension.tables().isEmpty() ? "all" : sorted(extension)));
    boolean everywhere = extension.hooks().size() == Hook.values().length;
    out.println("  hooks      " + (everywhere ? "all" : join(extension.hooks(), Hook::name)));
    if (!extension.protocols().isEmpty()) {
      out.println("  protocols  needs -p " + join(extension.protocols(), ExtensionsCommand::name));
    }
    if (extension.options().isEmpty()) {
      out.println("  no options");
      return;
    }
    out.println("  options");
    List<Option> options = extension.options();
    int width = options.stream().mapToInt(option -> usage(option).length()).max().orElse(0);
    for (Option option : options) {
      out.println(
          ("    " + pad(usage(option), width) + "  " + notes(option, options)).stripTrailing());
    }
  }

  private static String text(Family family) {
    return family == Family.IPV4 ? "IPv4" : "IPv6";
  }

  private static String name(int protocol) {
    String known = Names.protocolName(protocol);
    return known == null ? Integer.toString(protocol) : known;
  }

  private static String sorted(Extension extension) {
    return join(new TreeSet<>(extension.tables()), table -> table);
  }

  private static <T> String join(Collection<T> all, Function<T, String> text) {
    return all.stream().sorted().map(text).collect(Collectors.joining(" "));
  }

  private static String usage(Option option) {
    String value = option.takesValue() ? " " + option.value() : "";
    return (option.invertible() ? "[!] --" : "    --") + option.name() + value;
  }

  private static String notes(Option option, List<Option> all) {
    List<String> notes = new ArrayList<>();
    if (option.mandatory()) {
      notes.add("required");
    }
    if (option.repeatable()) {
      notes.add("repeatable");
    }
    if (!option.alias().isEmpty()) {
      notes.add("also --" + option.alias());
    }
    if (!option.group().isEmpty()) {
      String others =
          all.stream()
              .filter(other -> other != option && other.group().equals(option.group()))
              .map(other -> "--" + other.name())
              .collect(Collectors.joining(", "));
      notes.add("not with " + others);
    }
    return String.join("; ", notes);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
