package org.fwreplay.report.check;

import java.util.ArrayList;
import java.util.Comparator;
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
  /** More ranges of ports than anybody edits: the rarer ports are summed up. */
  private static final int MOST_RANGES = 40;

  private static final int NO_PORT = -1;
  private static final int MOST_PORTS = 20;

  /** A port is common that has at least one connection of so many. */
  private static final int COMMON = 100;

  private static final int MOST_DESTINATIONS = 12;

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
    Map<String, Map<Integer, List<Checker.Seen>>> services = new TreeMap<>();
    for (Checker.Seen seen : flows) {
      services
          .computeIfAbsent(from(seen), k -> new TreeMap<>())
          .computeIfAbsent(port(seen), k -> new ArrayList<>())
          .add(seen);
    }
    Map<Kind, TreeSet<Integer>> kinds = new TreeMap<>();
    services.forEach((from, ports) -> kinds.putAll(kinds(from, ports)));
    StringBuilder out = new StringBuilder("# What happens today; edit it to what must hold.\n");
    header.forEach(line -> out.append(line).append('\n'));
    out.append("expect:\n");
    kinds.forEach((kind, ports) -> expectation(out, kind, ports));
    return out.toString();
  }

  /** The connections of one protocol that came by one interface, by their ports. */
  private Map<Kind, TreeSet<Integer>> kinds(String from, Map<Integer, List<Checker.Seen>> ports) {
    Map<Kind, TreeSet<Integer>> kinds = new TreeMap<>();
    ports.forEach((port, members) -> sort(from, port, members, kinds));
    long ranges = kinds.values().stream().mapToLong(SuiteWriter::countRanges).sum();
    if (ranges <= MOST_RANGES) {
      return kinds;
    }
    int all = ports.values().stream().mapToInt(List::size).sum();
    TreeSet<Integer> common = new TreeSet<>();
    ports.keySet().stream()
        .filter(port -> ports.get(port).size() * COMMON >= all)
        .sorted(Comparator.comparingInt(port -> -ports.get(port).size()))
        .limit(MOST_PORTS)
        .forEach(common::add);
    List<Checker.Seen> others = new ArrayList<>();
    kinds.clear();
    ports.forEach(
        (port, members) -> {
          if (common.contains(port)) {
            sort(from, port, members, kinds);
          } else {
            others.addAll(members);
          }
        });
    String rest = common.isEmpty() ? from : from + " dport=!" + ranges(common);
    sort(rest, NO_PORT, others, kinds);
    return kinds;
  }

  /** One kind where all connections to a port fare alike, else one for each of few destinations. */
  private void sort(
      String from, int port, List<Checker.Seen> members, Map<Kind, TreeSet<Integer>> kinds) {
    Map<String, List<Checker.Seen>> targets = new LinkedHashMap<>();
    long destinations =
        members.stream().map(seen -> FlowRow.address(seen.row().destination())).distinct().count();
    boolean one = verdicts(members).size() == 1 || destinations > MOST_DESTINATIONS;
    for (Checker.Seen seen : members) {
      String target = one ? "" : " dst=" + FlowRow.address(seen.row().destination());
      targets.computeIfAbsent(target, key -> new ArrayList<>()).add(seen);
    }
    targets.forEach(
        (target, some) -> {
          TreeSet<String> verdicts = verdicts(some);
          String verdict = verdicts.size() == 1 ? verdicts.first() : verdicts.toString();
          Kind kind = new Kind(from, target, verdict, by(some));
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
      default -> NO_PORT;
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
    String dport = ports.first() == NO_PORT ? "" : " dport=" + ranges(ports);
    out.append("  - connections: ").append(kind.from).append(dport).append(kind.to).append('\n');
    out.append("    verdict: ").append(kind.verdict).append('\n');
    if (!kind.by.isEmpty()) {
      out.append("    by: '").append(kind.by.replace("'", "''")).append("'\n");
    }
  }

  private static long countRanges(TreeSet<Integer> ports) {
    return ports.stream().filter(port -> !ports.contains(port + 1)).count();
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
