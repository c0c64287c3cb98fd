package org.fwreplay.diff;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.hook.Fate;
import org.fwreplay.hook.Netfilter;
import org.fwreplay.hook.PathListener;
import org.fwreplay.hook.Sockets;
import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.host.Router;
import org.fwreplay.ipset.IpSets;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.PacketBuilder;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.region.Witness;
import org.fwreplay.rule.BindingContext;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.BoundTable;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;
import org.fwreplay.xt.Verdict;

/** Makes the packets of differences and takes them through table filter of both rulesets. */
public final class WitnessCheck {
  private static final int LATER_FRAGMENT = 185;
  private static final int BROKEN = 256;

  private final Host host;
  private final Side old;
  private final Side now;
  private final Packet packet = new Packet();

  /** One ruleset, ready to be asked. */
  private static final class Side {
    final BoundRuleset rules;
    final Evaluation evaluation;

    Side(Host host, Family family, Ruleset ruleset, SetFile sets) {
      Router router = host.newRouter();
      BindingContext context = new BindingContext(host, router, 0);
      context.share(IpSets.class, IpSets.SHARED, sets.newSets());
      rules = ruleset == null ? null : BoundRuleset.bind(ruleset, context);
      boolean six = family == Family.IPV6;
      evaluation =
          new Evaluation(
              new Netfilter(
                  host,
                  router,
                  six ? null : rules,
                  six ? rules : null,
                  new Sockets(),
                  0,
                  new Nobody()));
      evaluation.family = family;
    }

    /** Whether the packet fares as a decision says. */
    boolean decides(Hook hook, Packet p, SymbolicDiff.Decision expected) {
      BoundTable filter = rules == null ? null : rules.table("filter");
      if (filter == null || !filter.has(hook)) {
        return expected.rule() == null && expected.verdict().equals("ACCEPT");
      }
      boolean passes = filter.run(hook, p, evaluation) == Verdict.ACCEPT;
      int place = filter.lastDecision();
      boolean sameRule =
          rules.isRule(place)
              ? rules.rule(place).rule() == expected.rule()
              : expected.rule() == null;
      return sameRule && passes == expected.verdict().equals("ACCEPT");
    }
  }

  private static final class Nobody implements PathListener {
    @Override
    public void ended(Packet p, Fate fate, Hook hook, int rule) {}

    @Override
    public void left(Packet p) {}

    @Override
    public void logged(Packet p, Evaluation e, LogRequest request) {}
  }

  /**
   * A check.
   *
   * @param differences all that will be asked about
   */
  public WitnessCheck(
      Family family,
      Ruleset old,
      Ruleset now,
      SetFile oldSets,
      SetFile newSets,
      Collection<SymbolicDiff.Difference> differences) {
    Set<String> names = new LinkedHashSet<>();
    for (SymbolicDiff.Difference each : differences) {
      names.add(each.witness().in());
      names.add(each.witness().out());
    }
    names.remove("");
    names.remove("lo");
    HostBuilder builder = Host.builder();
    builder.add("lo", 0);
    names.forEach(name -> builder.add(name, -1));
    host = builder.build();
    this.old = new Side(host, family, old, oldSets);
    this.now = new Side(host, family, now, newSets);
  }

  /** Whether the packet of a difference is decided as it says, by the same rules. */
  public boolean confirms(SymbolicDiff.Difference d) {
    Witness w = d.witness();
    boolean six = d.family() == Family.IPV6;
    if (!w.needs().isEmpty() || w.protocol() == BROKEN || six && w.laterFragment()) {
      return false;
    }
    return decides(old, d, d.old()) && decides(now, d, d.now());
  }

  private boolean decides(Side side, SymbolicDiff.Difference d, SymbolicDiff.Decision expected) {
    make(d, packet);
    side.evaluation.in = id(d.witness().in());
    side.evaluation.out = id(d.witness().out());
    return side.decides(d.hook(), packet, expected);
  }

  private int id(String name) {
    return name.isEmpty() ? -1 : host.interfaceByName(name).id();
  }

  /** The packet of a difference as it comes to table filter, from its IP header on. */
  public static void make(SymbolicDiff.Difference d, Packet p) {
    Witness w = d.witness();
    p.reset();
    int length = w.protocol() == Protocols.TCP ? Tcp.MIN_LENGTH : 8;
    if (d.family() == Family.IPV6) {
      PacketBuilder.ipv6(p, 0, 64, w.protocol(), length);
      PacketBuilder.ipv6Addresses(
          p, w.sourceHi(), w.sourceLo(), w.destinationHi(), w.destinationLo());
    } else {
      PacketBuilder.ipv4(p, 0, 1, false, 64, w.protocol(), w.sourceLo(), w.destinationLo(), length);
    }
    java.util.Arrays.fill(p.buffer, p.transport, p.end, (byte) 0);
    transport(w, p);
    if (w.laterFragment()) {
      p.setIpv4Word(p.network + Ipv4.FRAGMENT, LATER_FRAGMENT);
    }
    Decoder.transport(p);
    p.local = w.in().isEmpty();
    p.mark = (int) w.mark();
    state(w, p);
  }

  private static void transport(Witness w, Packet p) {
    int at = p.transport;
    switch (w.protocol()) {
      case Protocols.TCP -> {
        Bytes.put8(p.buffer, at + Tcp.DATA_OFFSET, 0x50);
        Bytes.put8(p.buffer, at + Tcp.FLAGS, w.tcpFlags());
      }
      case Protocols.UDP, Protocols.UDPLITE -> Bytes.put16(p.buffer, at + 4, 8);
      case Protocols.ICMP, Protocols.ICMPV6 -> {
        Bytes.put16(p.buffer, at, w.icmp());
        return;
      }
      default -> {}
    }
    Bytes.put16(p.buffer, at, w.sourcePort());
    Bytes.put16(p.buffer, at + 2, w.destinationPort());
  }

  private static void state(Witness w, Packet p) {
    if (w.state().equals("INVALID") || w.state().equals("UNTRACKED")) {
      p.trackInfo = w.state().equals("UNTRACKED") ? CtInfo.UNTRACKED : 0;
      return;
    }
    Connection ct = new Connection();
    ct.status |= w.state().contains("SNAT") ? Connection.SRC_NAT : 0;
    ct.status |= w.state().contains("DNAT") ? Connection.DST_NAT : 0;
    p.tracked = ct;
    p.trackInfo =
        w.state().startsWith("NEW")
            ? CtInfo.NEW
            : w.state().startsWith("RELATED") ? CtInfo.RELATED : CtInfo.ESTABLISHED;
  }
}
