package org.fwreplay.hook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.host.Neighbours;
import org.fwreplay.host.NextHop;
import org.fwreplay.host.PolicyRule;
import org.fwreplay.host.Prefix;
import org.fwreplay.host.Route;
import org.fwreplay.host.RouteType;
import org.fwreplay.host.Router;
import org.fwreplay.legacy.Ipchains;
import org.fwreplay.legacy.IpchainsParser;
import org.fwreplay.legacy.PacketListener;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.rule.BindingContext;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.ParseResult;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.LogRequest;

/**
 * A firewall between three networks, with rules: packets in words go in, and what leaves comes out
 * in words. See {@link PacketWords} for the words.
 *
 * <pre>{@code
 * Scenario firewall = new Scenario().rules("*nat", "-A POSTROUTING -o wan -j MASQUERADE");
 * assertThat(firewall.arrives("lan", "udp 192.168.1.10:1000 > 198.51.100.7:53 len 10"))
 *     .containsExactly("wan: udp 203.0.113.1:1000 > 198.51.100.7:53 len 10 ttl 63");
 * }</pre>
 *
 * <p>Addresses: lan 192.168.1.1 and 2001:db8:1::1, dmz 172.16.5.1 and 2001:db8:5::1, wan
 * 203.0.113.1, 203.0.113.2, 2001:db8:ff::1 and 2001:db8:ff::2; the way to the rest leads over
 * 203.0.113.254 and 2001:db8:ff::fe. Nothing listens on the host. Neighbours with the numbers 10 to
 * 12 answer.
 */
final class Scenario {
  private static final long WAN_GATEWAY_MAC = 0x0200000002feL;

  private final Extensions extensions = Extensions.load();
  private final HostBuilder host = Host.builder();
  private final List<String> rules4 = new ArrayList<>();
  private final List<PolicyRule> policies = new ArrayList<>();
  private final List<String> rules6 = new ArrayList<>();
  private final Recorder recorder = new Recorder();
  private final List<Packet> left = new ArrayList<>();
  private final List<String> out = new ArrayList<>();
  private final List<String> fates = new ArrayList<>();
  private final List<String> logged = new ArrayList<>();
  private final Map<Integer, PacketListener> diverts = new HashMap<>();
  private final Map<Integer, PacketListener> queues = new HashMap<>();
  private Ipchains ipchains;
  private final List<String> notes = new ArrayList<>();
  private Netfilter netfilter;
  private Host built;
  private BindingContext context;
  private BoundRuleset four;
  private BoundRuleset six;
  private long seed = 1;
  private boolean remembersWays = true;
  private int followed;
  private long nowNs = 1_700_000_000_000_000_000L;

  Scenario() {
    host.add("lo", 0, "127.0.0.1/8", "::1/128");
    interfaceOf("lan", 0x020000000101L, 0x020000000110L, "192.168.1.", "2001:db8:1::");
    interfaceOf("dmz", 0x020000000301L, 0x020000000310L, "172.16.5.", "2001:db8:5::");
    int wan =
        host.add(
            "wan",
            0x020000000201L,
            "203.0.113.1/24",
            "203.0.113.2/24",
            "2001:db8:ff::2/64",
            "2001:db8:ff::1/64");
    host.neighbour(wan, "203.0.113.254", WAN_GATEWAY_MAC);
    host.neighbour(wan, "2001:db8:ff::fe", WAN_GATEWAY_MAC);
    route("default via 203.0.113.254 dev wan");
    route("default via 2001:db8:ff::fe dev wan");
    sysctl("net.ipv4.conf.all.accept_local", "1");
    sysctl("net.ipv4.conf.all.send_redirects", "0");
    sysctl("net.ipv4.conf.all.rp_filter", "0");
  }

  private void interfaceOf(String name, long mac, long peerMac, String net4, String net6) {
    int id = host.add(name, mac, net4 + "1/24", net6 + "1/64");
    for (int i = 10; i <= 12; i++) {
      host.neighbour(id, net4 + i, peerMac);
      host.neighbour(id, net6 + i, peerMac);
      host.neighbour(id, "fe80::" + i, peerMac);
    }
  }

  // -- before the first packet -------------------------------------------------------------------

  /** IPv4 rules, as for iptables-restore; COMMIT is added. */
  Scenario rules(String... lines) {
    rules4.addAll(Arrays.asList(lines));
    return this;
  }

  /** IPv6 rules. */
  Scenario rules6(String... lines) {
    rules6.addAll(Arrays.asList(lines));
    return this;
  }

  /** Who listens at a divert port. */
  Scenario divert(int port, PacketListener listener) {
    diverts.put(port, listener);
    return this;
  }

  /** Who listens at a queue. */
  Scenario queue(int number, PacketListener listener) {
    queues.put(number, listener);
    return this;
  }

  /** Rules of ipchains; packets then take the way of Linux 2.2. */
  Scenario ipchains(String... lines) {
    IpchainsParser.Result result = IpchainsParser.parse("rules", String.join("\n", lines));
    if (result.ruleset() == null) {
      throw new IllegalArgumentException("rules refused: " + result.diagnostics());
    }
    ipchains = result.ruleset();
    return this;
  }

  /** What the kernel of 2.2 was compiled with. */
  Scenario ipchainsCompiledWith(boolean passThrough, boolean defragment) {
    ipchains.compiledWith(passThrough, defragment);
    return this;
  }

  /** Rules of ipchains, and policies, that counted something. */
  List<String> ipchainsCounters() {
    return ipchains.counters().stream().filter(line -> !line.startsWith("[0:")).toList();
  }

  /** What else was told of packets, from the beginning. */
  List<String> notes() {
    return notes;
  }

  /** What user space may do with the IPv4 tables. */
  TableOperations operations() {
    start();
    return new TableOperations(netfilter, four, context, extensions);
  }

  /** What went wrong with listeners. */
  List<String> listenerProblems() {
    return netfilter.listenerProblems();
  }

  /** Has an extension behave in another way than its usual one. */
  Scenario dialect(String name, String value) {
    extensions.withDialect(name, value);
    return this;
  }

  Scenario sysctl(String name, String value) {
    host.sysctl(name, value);
    return this;
  }

  Scenario mtu(String name, int mtu) {
    host.mtu(name, mtu);
    return this;
  }

  /** A neighbour that does not answer. */
  Scenario silent(String iface, String address) {
    host.neighbour(host.id(iface), address, Neighbours.FAILED);
    return this;
  }

  /** Has every packet walk through the tables, whatever others of its flow met. */
  Scenario walked() {
    remembersWays = false;
    return this;
  }

  /** The seed of what is random in Linux. */
  Scenario seed(long value) {
    seed = value;
    return this;
  }

  /**
   * A route as {@code ip route add} takes it: {@code [TYPE] DESTINATION [via A] [dev I] [metric N]
   * [table N]}.
   */
  Scenario route(String text) {
    List<String> words = new ArrayList<>(List.of(text.split(" ")));
    RouteType type = RouteType.UNICAST;
    if (List.of("unreachable", "prohibit", "blackhole").contains(words.get(0))) {
      type = RouteType.valueOf(words.remove(0).toUpperCase(java.util.Locale.ROOT));
    }
    String via = after(words, "via");
    String dev = after(words, "dev");
    boolean ipv6 = text.contains(":");
    String any = ipv6 ? "::/0" : "0.0.0.0/0";
    Prefix to = Prefix.parse(words.get(0).equals("default") ? any : words.get(0));
    int oif = dev == null ? -1 : host.id(dev);
    NextHop hop = via == null ? NextHop.dev(oif) : NextHop.via(oif, Prefix.parse(via));
    String table = after(words, "table");
    Route route = Route.unicast(to, hop).withType(type);
    String metric = after(words, "metric");
    if (metric != null) {
      route = withMetric(route, Long.parseLong(metric));
    }
    host.route(table == null ? route : route.inTable(Integer.parseInt(table)));
    return this;
  }

  private static Route withMetric(Route r, long metric) {
    return new Route(
        r.destination(),
        r.source(),
        r.table(),
        r.type(),
        r.tos(),
        metric,
        r.scope(),
        r.kernel(),
        r.preference(),
        r.prefSrcHi(),
        r.prefSrcLo(),
        r.mtu(),
        r.mtuLocked(),
        r.hops());
  }

  /** A policy rule: {@code [from A] [tos N] [fwmark N] table N}; it is asked before older ones. */
  Scenario policyRule(String text) {
    List<String> words = List.of(text.split(" "));
    boolean six = text.contains(":");
    String from = after(words, "from");
    String mark = after(words, "fwmark");
    String tos = after(words, "tos");
    policies.add(
        new PolicyRule(
            32765 - policies.size(),
            false,
            from == null ? Prefix.any(six) : Prefix.parse(from),
            Prefix.any(six),
            PolicyRule.ANY,
            PolicyRule.ANY,
            mark == null ? 0 : Integer.decode(mark),
            mark == null ? 0 : -1,
            tos == null ? 0 : Integer.decode(tos),
            0,
            null,
            null,
            null,
            PolicyRule.Action.TABLE,
            Integer.parseInt(after(words, "table")),
            0,
            -1,
            0));
    return this;
  }

  private void addPolicies() {
    if (!policies.isEmpty()) {
      boolean six = policies.get(0).source().six();
      host.rule(PolicyRule.toTable(six, 0, Route.TABLE_LOCAL));
      policies.forEach(host::rule);
      host.rule(PolicyRule.toTable(six, 32766, Route.TABLE_MAIN));
    }
  }

  private static String after(List<String> words, String word) {
    int at = words.indexOf(word);
    return at < 0 ? null : words.get(at + 1);
  }

  private void start() {
    if (netfilter != null) {
      return;
    }
    addPolicies();
    built = host.build();
    Router router = built.newRouter();
    context = new BindingContext(built, router, seed);
    four = bind(Family.IPV4, rules4);
    six = bind(Family.IPV6, rules6);
    netfilter = new Netfilter(built, router, four, six, Sockets.parse(""), seed, recorder);
    Packet solicitation = PacketWords.build("icmp fe80::1 > ff02::1:ff00:2 135/0").get(0);
    Decoder.decode(solicitation, true);
    netfilter.willSend(solicitation);
    if (ipchains != null) {
      netfilter.ipchains(ipchains);
    }
    netfilter.rememberWays(remembersWays);
    netfilter.diverts(diverts::get);
    netfilter.queues(queues::get);
    netfilter.conntrack().enableAccounting();
    netfilter.advance(nowNs);
  }

  private BoundRuleset bind(Family family, List<String> lines) {
    if (lines.isEmpty()) {
      return null;
    }
    String text = String.join("\n", lines).replace("\n*", "\nCOMMIT\n*") + "\nCOMMIT\n";
    ParseResult result = RulesetParser.parse(family, "rules", text, extensions);
    if (!result.isValid()) {
      throw new IllegalArgumentException("rules refused: " + result.diagnostics());
    }
    return BoundRuleset.bind(result.ruleset(), context);
  }

  // -- packets -----------------------------------------------------------------------------------

  /** What leaves because a packet arrives at an interface, each as {@code IFACE: PACKET}. */
  List<String> arrives(String iface, String words) {
    return arrives(iface, PacketWords.build(words));
  }

  /** What leaves because packets arrive at an interface. */
  List<String> arrives(String iface, List<Packet> packets) {
    begin();
    for (Packet packet : packets) {
      packet.in = host.id(iface);
      packet.timeNs = nowNs;
      netfilter.receive(packet);
    }
    return List.copyOf(out);
  }

  /** What leaves because the host sends a packet. */
  List<String> sends(String words) {
    return sends(PacketWords.build(words));
  }

  /** What leaves because the host sends packets. */
  List<String> sends(List<Packet> packets) {
    begin();
    for (Packet packet : packets) {
      packet.mac = -1;
      packet.timeNs = nowNs;
      netfilter.send(packet);
    }
    return List.copyOf(out);
  }

  /** What leaves while nothing happens for some seconds. */
  List<String> waits(double seconds) {
    begin();
    nowNs += Math.round(seconds * 1e9);
    netfilter.advance(nowNs);
    return List.copyOf(out);
  }

  private void begin() {
    start();
    out.clear();
    left.clear();
    fates.clear();
    nowNs += 1_000_000;
    netfilter.advance(nowNs);
  }

  // -- what came of them -------------------------------------------------------------------------

  /** Copies of the packets that left last. */
  List<Packet> left() {
    return left;
  }

  /** How the ways of the last packets ended: {@code DROPPED at FORWARD}. */
  List<String> fates() {
    return fates;
  }

  /** How many packets took the way of others, from the beginning. */
  int followed() {
    return followed;
  }

  /** Prefixes of the LOG and NFLOG rules that were hit, from the beginning. */
  List<String> logged() {
    return logged;
  }

  /** What rules share by a key. */
  <T> T shared(Class<T> type, String key) {
    return context.find(type, key);
  }

  Conntrack conntrack() {
    start();
    return netfilter.conntrack();
  }

  /** Rules and policies that counted something, each with its table, sorted. */
  List<String> counters() {
    start();
    return Stream.of(four, six)
        .filter(rules -> rules != null)
        .flatMap(Scenario::counters)
        .sorted()
        .toList();
  }

  private static Stream<String> counters(BoundRuleset rules) {
    List<String> counted = new ArrayList<>();
    String table = "";
    for (String line : rules.save().split("\n")) {
      if (line.startsWith("*")) {
        table = line.substring(1);
      } else if ((line.startsWith(":") || line.startsWith("[")) && !line.contains("[0:0]")) {
        counted.add(table + " " + line);
      }
    }
    return counted.stream();
  }

  /** The connections there are, sorted. */
  List<String> connections() {
    List<String> connections = new ArrayList<>();
    conntrack().forEach(ct -> connections.add(describe(ct)));
    Collections.sort(connections);
    return connections;
  }

  private static String describe(Connection ct) {
    StringBuilder text = new StringBuilder(protocol(ct.original.protocol));
    String state = ct.stateName();
    if (state != null) {
      text.append(' ').append(state);
    }
    text.append(' ').append(describe(ct.original)).append(" | ").append(describe(ct.reply));
    if (!ct.is(Connection.SEEN_REPLY)) {
      text.append(" [UNREPLIED]");
    }
    if (ct.is(Connection.ASSURED)) {
      text.append(" [ASSURED]");
    }
    return text.append(ct.mark == 0 ? "" : " mark=" + ct.mark).toString();
  }

  private static String protocol(int protocol) {
    return switch (protocol) {
      case Protocols.TCP -> "tcp";
      case Protocols.UDP -> "udp";
      case Protocols.ICMP -> "icmp";
      case Protocols.ICMPV6 -> "icmpv6";
      case Protocols.SCTP -> "sctp";
      case Protocols.GRE -> "gre";
      default -> "unknown";
    };
  }

  private static String describe(Tuple t) {
    String from = AddressText.of(t.ipv6, t.sourceHi, t.sourceLo);
    String to = AddressText.of(t.ipv6, t.destinationHi, t.destinationLo);
    boolean echo = t.protocol == Protocols.ICMP || t.protocol == Protocols.ICMPV6;
    boolean ports = !protocol(t.protocol).equals("unknown") && t.protocol != Protocols.GRE;
    return (ports ? end(t.ipv6, from, t.sourcePort) : from)
        + " > "
        + (ports && !echo ? end(t.ipv6, to, t.destinationPort) : to);
  }

  private static String end(boolean ipv6, String address, int port) {
    return (ipv6 ? "[" + address + "]" : address) + ":" + port;
  }

  private final class Recorder implements PathListener {
    @Override
    public void ended(Packet packet, Fate fate, Hook hook, int rule) {
      fates.add(fate + (hook == null ? "" : " at " + hook));
      followed += packet.memo == null ? 0 : 1;
    }

    @Override
    public void noted(Packet packet, String what) {
      notes.add(what);
    }

    @Override
    public void left(Packet packet) {
      Packet copy = new Packet();
      copy.copyFrom(packet);
      left.add(copy);
      String words = PacketTeller.tell(packet.buffer, packet.network, packet.end);
      out.add(built.networkInterface(packet.out).name() + ": " + words);
    }

    @Override
    public void logged(Packet packet, Evaluation evaluation, LogRequest request) {
      logged.add(request.prefix());
    }
  }
}
