package org.fwreplay.rule;

import java.util.Arrays;
import java.util.List;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.packet.Family;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Extensions;

/** Short ways to rulesets for tests. */
final class Rules {
  private static final Extensions EXTENSIONS = Extensions.load();

  private Rules() {}

  /** Parses a text for IPv4. */
  static ParseResult parse(String... lines) {
    return parse(Family.IPV4, lines);
  }

  /** Parses a text; each line gets its line end. */
  static ParseResult parse(Family family, String... lines) {
    return RulesetParser.parse(family, "rules", String.join("\n", lines) + "\n", EXTENSIONS);
  }

  /** The lines as those of table filter, with the chains A and B; the first of them is line 4. */
  static ParseResult filter(Family family, String... lines) {
    String[] all = new String[lines.length + 4];
    all[0] = "*filter";
    all[1] = ":A - [0:0]";
    all[2] = ":B - [0:0]";
    System.arraycopy(lines, 0, all, 3, lines.length);
    all[all.length - 1] = "COMMIT";
    return parse(family, all);
  }

  /** What is saved of the lines, rules only. */
  static List<String> saved(Family family, String... lines) {
    return rules(filter(family, lines));
  }

  /** The rules of a valid result as they are saved. */
  static List<String> rules(ParseResult result) {
    if (!result.isValid()) {
      throw new AssertionError("refused: " + result.diagnostics());
    }
    return Arrays.stream(RulesetWriter.write(result.ruleset()).split("\n"))
        .filter(line -> line.startsWith("-A"))
        .toList();
  }

  /** The errors, each as {@code LINE:COLUMN MESSAGE; HINT}. */
  static List<String> errors(ParseResult result) {
    return result.errors().stream().map(Rules::text).toList();
  }

  /** The warnings, each as {@code LINE:COLUMN MESSAGE; HINT}. */
  static List<String> warnings(ParseResult result) {
    return result.warnings().stream().map(Rules::text).toList();
  }

  private static String text(Diagnostic d) {
    String hint = d.hint().isEmpty() ? "" : "; " + d.hint();
    return d.line() + ":" + d.column() + " " + d.message() + hint;
  }

  /** A host with lo, eth0 and eth1, in this order. */
  static Host host() {
    HostBuilder builder = Host.builder();
    builder.add("lo", -1, "127.0.0.1/8", "::1/128");
    builder.add("eth0", 0x020000000001L, "192.0.2.1/24", "2001:db8::1/64");
    builder.add("eth1", 0x020000000002L, "198.51.100.1/24", "2001:db8:1::1/64");
    return builder.build();
  }

  /** A valid result bound to {@link #host}. */
  static BoundRuleset bind(ParseResult result) {
    if (!result.isValid()) {
      throw new AssertionError("refused: " + result.diagnostics());
    }
    return bind(result.ruleset());
  }

  /** A ruleset bound to {@link #host}. */
  static BoundRuleset bind(Ruleset ruleset) {
    return bind(ruleset, Indexing.LONG);
  }

  /** The same with another choice of chains that are searched. */
  static BoundRuleset bind(Ruleset ruleset, Indexing indexing) {
    Host host = host();
    return BoundRuleset.bind(
        ruleset, new BindingContext(host, host.newRouter(), 1).index(indexing));
  }

  /** An evaluation without services, between two interfaces by id. */
  static Evaluation evaluation(int in, int out) {
    Evaluation e = new Evaluation(null);
    e.in = in;
    e.out = out;
    return e;
  }
}
