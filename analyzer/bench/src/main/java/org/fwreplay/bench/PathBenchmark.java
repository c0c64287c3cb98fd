package org.fwreplay.bench;

import java.util.concurrent.TimeUnit;
import org.fwreplay.hook.Fate;
import org.fwreplay.hook.Netfilter;
import org.fwreplay.hook.PathListener;
import org.fwreplay.hook.Sockets;
import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.host.NextHop;
import org.fwreplay.host.Prefix;
import org.fwreplay.host.Route;
import org.fwreplay.host.Router;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.rule.BindingContext;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.Indexing;
import org.fwreplay.rule.ParseResult;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.LogRequest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A forwarded packet's whole way: headers, connection, routing, tables. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PathBenchmark {
  /** How many rules of FORWARD are in front of the one that takes the packet. */
  @Param({"10", "100", "1000", "10000"})
  private int rules;

  /**
   * {@code followed}: packets take the way of those before them in their flow; {@code indexed}:
   * rules are found by the index for each; {@code walked}: they are walked one by one.
   */
  @Param({"followed", "indexed", "walked"})
  private String way;

  /** {@code plain}: no connection tracking; {@code tracked}: it; {@code nat}: and MASQUERADE. */
  @Param({"plain", "tracked", "nat"})
  private String kind;

  /** A few flows that come again and again, or so many that each packet is of a new one. */
  @Param("2000")
  private int flows;

  private Traffic traffic;
  private Netfilter netfilter;
  private final Ends ends = new Ends();

  /** Reads the ruleset and sends every flow once. */
  @Setup
  public void setUp() {
    HostBuilder builder = Host.builder();
    int lan = builder.add("lan", 0x020000000001L, "192.168.1.1/24");
    int wan = builder.add("wan", 0x020000000002L, "203.0.113.1/24");
    Host host =
        builder
            .route(Route.unicast(Prefix.parse("192.168.1.0/24"), NextHop.dev(lan)))
            .route(Route.unicast(Prefix.parse("0.0.0.0/0"), NextHop.dev(wan)))
            .sysctl("net.ipv4.ip_forward", "1")
            .sysctl("net.netfilter.nf_conntrack_max", "4000000")
            .build();
    ParseResult parsed = RulesetParser.parse(Family.IPV4, "rules", ruleset(), Extensions.load());
    Router router = host.newRouter();
    BindingContext context =
        new BindingContext(host, router, 7)
            .index(way.equals("walked") ? Indexing.NONE : Indexing.LONG);
    BoundRuleset bound = BoundRuleset.bind(parsed.ruleset(), context);
    netfilter = new Netfilter(host, router, bound, null, new Sockets(), 7, ends);
    netfilter.rememberWays(way.equals("followed"));
    netfilter.wantFrames(false);
    traffic = new Traffic(flows);
    if (packet() != Fate.FORWARDED) {
      throw new IllegalStateException("the first packet was " + ends.last.text());
    }
  }

  private String ruleset() {
    StringBuilder text = new StringBuilder();
    if (kind.equals("nat")) {
      text.append("*nat\n:POSTROUTING ACCEPT\n-A POSTROUTING -o wan -j MASQUERADE\nCOMMIT\n");
    }
    text.append("*filter\n:FORWARD DROP\n");
    if (kind.equals("tracked")) {
      text.append("-A FORWARD -m conntrack --ctstate INVALID -j DROP\n");
    }
    for (int i = 0; i < rules; i++) {
      text.append("-A FORWARD -s 10.").append(i / 250 % 250).append('.').append(i % 250);
      text.append(".0/24 -p udp -m udp --dport ").append(1000 + i).append(" -j DROP\n");
    }
    return text.append("-A FORWARD -i lan -p udp -j ACCEPT\nCOMMIT\n").toString();
  }

  /** One packet. */
  @Benchmark
  public Fate packet() {
    Packet p = traffic.next();
    netfilter.advance(p.timeNs);
    netfilter.receive(p);
    return ends.last;
  }

  private static final class Ends implements PathListener {
    Fate last;

    @Override
    public void ended(Packet packet, Fate fate, Hook hook, int rule) {
      last = fate;
    }

    @Override
    public void left(Packet packet) {}

    @Override
    public void logged(Packet packet, Evaluation evaluation, LogRequest request) {}
  }
}
