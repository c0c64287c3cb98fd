package org.fwreplay.report.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.report.RulesetResult;
import org.fwreplay.report.flow.FlowRow;
import org.fwreplay.report.flow.RunNames;

/** Writes a suite that expects what happened: an entry for each kind of connections. */
final class SuiteWriter {
  private final Map<String, RulesetResult.RuleResult> rules = new LinkedHashMap<>();
  private final Map<String, RulesetResult.ChainResult> ends = new LinkedHashMap<>();

  SuiteWriter(List<RulesetResult> rulesets) {
    for (RulesetResult ruleset : rulesets) {
      ruleset.rules().forEach(rule -> rules.put(rule.id(), rule));
      ruleset.tables().stream()
          .flatMap(table -> table.chains().stream())
          .forEach(chain -> ends.put(chain.id(), chain));
    }
  }

  /** Connections that an entry can be about: all of them fare alike. */
  private record Kind(String from, String to, String verdict, String by)
      implements Comparable<Kind> {
    @Override
    public int compareTo(Kind o) {
      return (from + to + verdict + by).compareTo(o.from + o.to + o.verdict + o.by);
    }
  }

  String write(List<String> header, List<Checker.Seen> flows) {
    Map<String, List<Checker.Seen>> services = new TreeMap<>();
    for (Checker.Seen seen : flows) {
      services.computeIfAbsent(from(seen) + " " + port(seen), k -> new ArrayList<>()).add(seen);
    }
    Map<Kind, TreeSet<Integer>> kinds = new TreeMap<>();
    services.values().forEach(members -> sort(members, kinds));
    StringBuilder out = new StringBuilder("# What happens today; edit it to what must hold.\n");
    header.forEach(line -> out.append(line).append('\n'));
    out.append("expect:\n");
    kinds.forEach((kind, ports) -> expectation(out, kind, ports));
    return out.toString();
  }

  /** One kind where all connections to a port fare alike, else one for each destination. */
  private void sort(List<Checker.Seen> members, Map<Kind, TreeSet<Integer>> kinds) {
    Map<String, List<Checker.Seen>> targets = new LinkedHashMap<>();
    boolean alike = verdicts(members).size() == 1;
    for (Checker.Seen seen : members) {
      String target = alike ? "" : " dst=" + FlowRow.address(seen.row().destination());
      targets.computeIfAbsent(target, key -> new ArrayList<>()).add(seen);
    }
    targets.forEach(
        (target, some) -> {
          TreeSet<String> verdicts = verdicts(some);
          String verdict = verdicts.size() == 1 ? verdicts.first() : verdicts.toString();
          Kind kind = new Kind(from(some.get(0)), target, verdict, by(some));
          int port = port(some.get(0));
          kinds.computeIfAbsent(kind, key -> new TreeSet<>()).add(port);
        });
  }

  private static TreeSet<String> verdicts(List<Checker.Seen> members) {
    TreeSet<String> verdicts = new TreeSet<>();
    members.forEach(seen -> verdicts.add(seen.row().verdict().text()));
    return verdicts;
  }

  private static String from(Checker.Seen seen) {
    String in = "in=" + (seen.row().in().isEmpty() ? "-" : seen.row().in());
    String family = seen.tuple().ipv6 ? " family=ipv6" : "";
    return in + family + " proto=" + RunNames.protocol(seen.tuple().protocol);
  }

  private static int port(Checker.Seen seen) {
    return switch (seen.tuple().protocol) {
      case Protocols.TCP, Protocols.UDP, Protocols.UDPLITE, Protocols.SCTP ->
          seen.tuple().destinationPort;
      default -> -1;
    };
  }

  /** The rule that decided, if it is one, as it can be found again when others come before it. */
  private String by(List<Checker.Seen> members) {
    List<String> ids = members.stream().map(s -> s.row().rule()).distinct().toList();
    String id = ids.size() == 1 ? ids.get(0) : null;
    if (id == null) {
      return "";
    }
    RulesetResult.RuleResult rule = rules.get(id);
    if (rule == null) {
      return ends.get(id).policy() == null ? id : "policy " + ends.get(id).name();
    }
    return rule.comment() == null ? rule.text() : "comment " + rule.comment();
  }

  private static void expectation(StringBuilder out, Kind kind, TreeSet<Integer> ports) {
    String dport = ports.first() < 0 ? "" : " dport=" + ranges(ports);
    out.append("  - connections: ").append(kind.from).append(dport).append(kind.to).append('\n');
    out.append("    verdict: ").append(kind.verdict).append('\n');
    if (!kind.by.isEmpty()) {
      out.append("    by: '").append(kind.by.replace("'", "''")).append("'\n");
    }
  }

  /** {@code 53,80-89}. */
  private static String ranges(TreeSet<Integer> ports) {
    StringBuilder text = new StringBuilder();
    int start = -1;
    for (int port : ports) {
      start = start < 0 || !ports.contains(port - 1) ? port : start;
      if (!ports.contains(port + 1)) {
        text.append(text.isEmpty() ? "" : ",").append(start);
        text.append(start == port ? "" : "-" + port);
      }
    }
    return text.toString();
  }
}
