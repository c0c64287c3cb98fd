package org.fwreplay.report.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.hook.Fate;
import org.fwreplay.report.flow.FateNames;
import org.fwreplay.report.flow.FlowVerdict;
import org.fwreplay.report.select.Selector;

/** Reads suites: docs/check.md. */
public final class SuiteParser {
  private static final Set<String> FILES = Set.of("rules", "rules6", "ipset", "host");
  private static final Set<String> WORDS = Set.of("seed", "undecided");
  private static final List<String> KEYS =
      List.of(
          "rules",
          "rules6",
          "ipset",
          "host",
          "seed",
          "undecided",
          "captures",
          "snapshot",
          "expect");
  private static final List<String> KINDS =
      List.of("connections", "frames", "rule", "nothing", "snapshot");

  private final Path folder;
  private final List<String> options = new ArrayList<>();
  private final List<String> captures = new ArrayList<>();
  private final List<Expectation> expectations = new ArrayList<>();

  private SuiteParser(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads a suite.
   *
   * @throws SuiteException where it cannot be read
   */
  public static Suite parse(Path file, String text) {
    Path folder = file.toAbsolutePath().getParent();
    SuiteParser parser = new SuiteParser(file.isAbsolute() ? folder : relative(file));
    parser.suite(Yaml.parse(file.toString(), text));
    return new Suite(file.toString(), parser.options, parser.captures, parser.expectations);
  }

  private static Path relative(Path file) {
    return file.getParent() == null ? Path.of("") : file.getParent();
  }

  private void suite(Yaml root) {
    Map<String, Yaml> all = root.mapping("a suite");
    all.forEach(
        (key, value) -> {
          known(value, key, KEYS);
          if (FILES.contains(key)) {
            options.add("--" + key);
            options.add(path(value.text(key)));
          } else if (WORDS.contains(key)) {
            options.add("--" + key);
            options.add(value.text(key));
          } else if (key.equals("captures")) {
            value.list().forEach(this::capture);
          } else if (key.equals("expect")) {
            value.list().forEach(this::expectation);
          } else if (value.text("snapshot").equals("true")) {
            expectations.add(new Expectation.Snapshot("snapshot", value.line, value.column));
          }
        });
    if (!all.containsKey("captures")) {
      throw root.fail("no captures: expected a list of interfaces and files");
    }
    if (expectations.isEmpty()) {
      throw root.fail("nothing is expected: give expect or snapshot");
    }
  }

  private static void known(Yaml at, String key, Collection<String> keys) {
    if (!keys.contains(key)) {
      throw at.fail("no key \"" + key + "\"; " + Suggestions.hint(key, keys));
    }
  }

  private String path(String given) {
    return folder.resolve(given).normalize().toString();
  }

  /** {@code lan: FILE} for an interface, {@code (local): FILE}, or a file alone. */
  private void capture(Yaml value) {
    if (value.text != null) {
      captures.add(path(value.text("captures")));
      return;
    }
    value
        .mapping("captures")
        .forEach(
            (name, file) -> {
              boolean local = name.equals("local");
              options.add(local ? "--local" : "--in");
              options.add((local ? "" : name + "=") + path(file.text(name)));
            });
  }

  private void expectation(Yaml value) {
    Map<String, Yaml> all = value.mapping("an expectation");
    String kind =
        KINDS.stream()
            .filter(all::containsKey)
            .findFirst()
            .orElseThrow(() -> value.fail("expected one of the keys " + String.join(", ", KINDS)));
    String what = all.get(kind).sequence == null ? all.get(kind).text(kind) : kind;
    Reader r = new Reader(value, all, kind + " " + what);
    expectations.add(
        switch (kind) {
          case "connections" -> connections(r);
          case "frames" -> frames(r);
          case "rule" -> hits(r);
          case "nothing" -> nothing(r);
          default -> new Expectation.Snapshot(r.name(), value.line, value.column);
        });
  }

  private static Expectation connections(Reader r) {
    r.only("name", "connections", "verdict", "by", "via", "snat", "dnat", "log", "helper", "count");
    return new Expectation.Connections(
        r.name(),
        r.at.line,
        r.at.column,
        r.selector("connections"),
        r.verdicts(),
        r.rule("by"),
        r.rule("via"),
        r.text("snat"),
        r.text("dnat"),
        r.text("log"),
        r.text("helper"),
        r.bound("count", Bound.SOME));
  }

  private static Expectation frames(Reader r) {
    r.only("name", "frames", "fate", "by", "count");
    return new Expectation.Frames(
        r.name(),
        r.at.line,
        r.at.column,
        r.selector("frames"),
        r.fates(),
        r.rule("by"),
        r.bound("count", Bound.SOME));
  }

  private static Expectation hits(Reader r) {
    r.only("name", "rule", "hits");
    return new Expectation.Hits(
        r.name(), r.at.line, r.at.column, r.rule("rule"), r.bound("hits", Bound.SOME));
  }

  private static Expectation nothing(Reader r) {
    r.only("name", "nothing", "but");
    List<Selector> but = new ArrayList<>();
    if (r.all.containsKey("but")) {
      r.all.get("but").list().forEach(each -> but.add(selector(each, "but")));
    }
    return new Expectation.Nothing(
        r.name(), r.at.line, r.at.column, r.selector("nothing"), List.copyOf(but));
  }

  private static Selector selector(Yaml value, String key) {
    try {
      return Selector.parse(value.text(key));
    } catch (IllegalArgumentException e) {
      throw value.fail(e.getMessage());
    }
  }

  /** One expectation's values. */
  private record Reader(Yaml at, Map<String, Yaml> all, String title) {
    void only(String... keys) {
      all.forEach((key, value) -> known(value, key, List.of(keys)));
    }

    String name() {
      return all.containsKey("name") ? all.get("name").text("name") : title;
    }

    String text(String key) {
      return all.containsKey(key) ? all.get(key).text(key) : null;
    }

    Selector selector(String key) {
      return SuiteParser.selector(all.get(key), key);
    }

    RuleMatch rule(String key) {
      return all.containsKey(key) ? new RuleMatch(all.get(key).text(key)) : null;
    }

    Bound bound(String key, Bound otherwise) {
      if (!all.containsKey(key)) {
        return otherwise;
      }
      try {
        return Bound.parse(all.get(key).text(key));
      } catch (IllegalArgumentException e) {
        throw all.get(key).fail(e.getMessage());
      }
    }

    Set<FlowVerdict> verdicts() {
      Set<FlowVerdict> verdicts = EnumSet.noneOf(FlowVerdict.class);
      if (all.containsKey("verdict")) {
        for (Yaml each : all.get("verdict").list()) {
          String word = each.text("verdict");
          if (word.equals("blocked")) {
            verdicts.addAll(List.of(FlowVerdict.DROPPED, FlowVerdict.REJECTED, FlowVerdict.LOST));
          } else {
            verdicts.add(verdict(each, word));
          }
        }
      }
      return verdicts;
    }

    private static FlowVerdict verdict(Yaml at, String word) {
      List<String> words = new ArrayList<>(List.of("blocked"));
      for (FlowVerdict verdict : FlowVerdict.values()) {
        words.add(verdict.text());
        if (verdict.text().equals(word)) {
          return verdict;
        }
      }
      throw at.fail("no verdict \"" + word + "\"; " + Suggestions.hint(word, words));
    }

    Set<String> fates() {
      Set<String> fates = new LinkedHashSet<>();
      List<String> known = Arrays.stream(Fate.values()).map(FateNames::key).toList();
      if (all.containsKey("fate")) {
        for (Yaml each : all.get("fate").list()) {
          String word = each.text("fate");
          if (!known.contains(word)) {
            throw each.fail("no fate \"" + word + "\"; " + Suggestions.hint(word, known));
          }
          fates.add(word);
        }
      }
      return fates;
    }
  }
}
