package org.fwreplay.hook;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.host.RouteResult;
import org.fwreplay.nat.Nat;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Defragmenter;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.BoundTable;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Verdict;

/**
 * What is hooked up at the hooks: defragmentation, tables, connection tracking, NAT. Each step says
 * whether the packet goes on; where it does not, its end has been told.
 */
final class HookWalk {
  private final Conntrack conntrack;
  private final Nat nat;
  private final Defragmenter defragmenter;
  private final PathListener listener;
  private final Ways ways;
  private final int loopback;
  private FamilyHooks ipv4;
  private FamilyHooks ipv6;
  private final Evaluation evaluation;
  private final Evaluation nestedEvaluation;

  private int lastRule = -1;
  private boolean rejected;
  private boolean nested;
  private PathObserver observer;

  /**
   * The hooks of a run.
   *
   * @param four IPv4 rules bound to this run, or null
   * @param six IPv6 rules, likewise
   * @param services what targets may ask for
   * @param loopback id of the loopback interface
   * @param ways what is remembered of the ways of packets
   */
  HookWalk(
      BoundRuleset four,
      BoundRuleset six,
      Evaluation.Services services,
      Defragmenter defragmenter,
      int loopback,
      Ways ways,
      PathListener listener) {
    conntrack = services.conntrack();
    nat = services.nat();
    this.defragmenter = defragmenter;
    this.loopback = loopback;
    this.ways = ways;
    this.listener = listener;
    ipv4 = hooks(four);
    ipv6 = hooks(six);
    evaluation = new Evaluation(services);
    nestedEvaluation = new Evaluation(services, true);
  }

  private FamilyHooks hooks(BoundRuleset rules) {
    if (rules == null) {
      return FamilyHooks.NONE;
    }
    rules.keep(ways.trail());
    return new FamilyHooks(rules, rules.needsConntrack(), rules.needsDefragmentation());
  }

  /** Has every step told from now on; null for nobody. */
  void observe(PathObserver each) {
    observer = each;
    ways.observed(each != null);
    for (FamilyHooks family : new FamilyHooks[] {ipv4, ipv6}) {
      if (family.rules != null) {
        family.rules.observe(each);
      }
    }
  }

  /** Gives a packet of the host itself its way. */
  void takeRoute(Packet p, RouteResult route) {
    route.give(p);
    p.realms = route.realms;
    p.linkAddress = Packet.LINK_ADDRESS_UNKNOWN;
    p.routedLocal = route.decision == RouteResult.LOCAL;
    p.routedToAll =
        route.decision == RouteResult.BROADCAST || route.decision == RouteResult.MULTICAST;
    routed(p, route);
  }

  /** Routing decided about a packet. */
  void routed(Packet p, RouteResult route) {
    if (observer != null) {
      observer.routed(p, route);
    }
  }

  /** Puts a table of another ruleset in the place of the one of that name. */
  void replace(BoundRuleset other, String table) {
    ways.enable(false); // they are about the tables that were there
    if (other.family() == Family.IPV6) {
      ipv6 = ipv6.with(other, table);
    } else {
      ipv4 = ipv4.with(other, table);
    }
  }

  /** What the packet's family has hooked up. */
  FamilyHooks of(Packet p) {
    return p.ipv6 ? ipv6 : ipv4;
  }

  /** Tells that a packet's way ended; {@code hook} is null outside the hooks. */
  void end(Packet p, Fate fate, Hook hook) {
    int rule = decidedBy(p, fate, hook);
    ways.ended(p, fate, hook, rule);
    listener.ended(p, fate, hook, rule);
  }

  /** A packet hits what others of its flow hit before. */
  void hit(Packet p, Way way) {
    FamilyHooks h = of(p);
    if (h.rules != null) {
      h.rules.hit(way.places(), p.length());
    }
  }

  /** Tells that a packet's way ended like that of others of its flow. */
  void end(Packet p, Way way) {
    listener.ended(p, way.fate(), way.hook(), way.rule());
  }

  private int decidedBy(Packet p, Fate fate, Hook hook) {
    if (fate.passed()) {
      BoundTable filter = of(p).filter;
      return filter == null ? -1 : filter.lastDecision();
    }
    return hook != null && fate.byRule() ? lastRule : -1;
  }

  /** A REJECT rule answered the packet at hand. */
  void rejected() {
    rejected = true;
  }

  /** Whether a copy of a packet is under way while the packet itself is in a table. */
  boolean isNested() {
    return nested;
  }

  /**
   * A copy of a packet goes its way while the packet itself is in a table.
   *
   * @return what {@link #leaveCopy} needs
   */
  boolean enterCopy() {
    nested = true;
    return rejected;
  }

  /** The copy's way has ended. */
  void leaveCopy(boolean outerRejected) {
    nested = false;
    rejected = outerRejected;
  }

  /** Walks a table. */
  boolean walk(BoundTable table, Packet p, Hook hook, int in, int out) {
    if (!FamilyHooks.serves(table, hook)) {
      return true;
    }
    Evaluation e = nested ? nestedEvaluation : evaluation;
    e.family = p.ipv6 ? Family.IPV6 : Family.IPV4;
    e.in = in;
    e.out = out;
    rejected = false;
    int verdict = table.run(hook, p, e);
    lastRule = table.lastDecision();
    if (verdict == Verdict.QUEUE) {
      ways.lose();
      verdict = e.queue(p, 0, false);
    }
    if (verdict == Verdict.ACCEPT) {
      return true;
    }
    Fate fate = rejected ? Fate.REJECTED : verdict == Verdict.DROP ? Fate.DROPPED : Fate.STOLEN;
    end(p, fate, hook);
    return false;
  }

  /** The tables filter and security. */
  boolean filter(Packet p, Hook hook, int in, int out) {
    FamilyHooks h = of(p);
    return walk(h.filter, p, hook, in, out) && walk(h.security, p, hook, in, out);
  }

  /** {@code ipv4_conntrack_in} and its like: finds or makes the packet's connection. */
  boolean track(Packet p, Hook hook) {
    if (of(p).conntrack && conntrack.in(p, hook) != Conntrack.ACCEPT) {
      end(p, Fate.CONNTRACK, hook);
      return false;
    }
    if (observer != null && of(p).conntrack) {
      observer.tracked(p, hook);
    }
    return true;
  }

  /** {@code nf_confirm}: helpers, and the connection enters the table. */
  boolean confirm(Packet p, Hook hook) {
    if (!of(p).conntrack) {
      return true;
    }
    boolean onLoopback = hook == Hook.INPUT && p.in == loopback;
    if (conntrack.helpAndConfirm(p, onLoopback) != Conntrack.ACCEPT) {
      end(p, Fate.CONNTRACK, hook);
      return false;
    }
    return true;
  }

  /** {@code nf_nat_inet_fn}: decides once a connection, then rewrites each packet. */
  boolean translate(Packet p, Hook hook, int in, int out) {
    FamilyHooks h = of(p);
    Connection ct = Connection.of(p);
    if (h.nat == null || ct == null) {
      return true;
    }
    int info = p.trackInfo;
    boolean related = info == CtInfo.RELATED || info == CtInfo.RELATED_REPLY;
    boolean icmp = p.protocol == (p.ipv6 ? Protocols.ICMPV6 : Protocols.ICMP);
    boolean good;
    if (related && icmp) {
      good = nat.icmpError(p, ct, hook);
    } else {
      int manip = Nat.manipOf(hook);
      boolean mayDecide = related || info == CtInfo.NEW;
      if (mayDecide && !Nat.isDone(ct, manip)) {
        ways.lose();
        if (!walk(h.nat, p, hook, in, out)) {
          return false;
        }
        if (!Nat.isDone(ct, manip)) {
          nat.bindNull(ct, manip);
        }
      } else if (outChanged(ct, info, hook, out)) {
        conntrack.killCounting(ct, p);
        end(p, Fate.NAT, hook);
        return false;
      }
      good = nat.packet(p, ct, hook);
    }
    if (!good) {
      end(p, Fate.NAT, hook);
    } else if (observer != null) {
      observer.translated(p, hook);
    }
    return good;
  }

  /** {@code nf_nat_oif_changed}: a masqueraded connection that now leaves by another interface. */
  private static boolean outChanged(Connection ct, int info, Hook hook, int out) {
    return hook == Hook.POSTROUTING
        && CtInfo.direction(info) == Connection.ORIGINAL
        && ct.extension().masqueradeInterface >= 0
        && ct.extension().masqueradeInterface != out;
  }

  /** The run's clock. */
  long nowNs() {
    return conntrack.nowNs();
  }

  /** Puts fragments together; false where the packet must wait or was dropped. */
  boolean gather(Packet p, int user) {
    if (p.tracked != null && !Connection.of(p).is(Connection.TEMPLATE)
        || p.trackInfo == CtInfo.UNTRACKED) {
      return true;
    }
    int result = defragmenter.in(p, user, conntrack.nowNs());
    if (result == Defragmenter.WHOLE || result == Defragmenter.PASSED) {
      Decoder.transport(p);
      return true;
    }
    end(p, result == Defragmenter.HELD ? Fate.FRAGMENT_HELD : Fate.MALFORMED, null);
    return false;
  }
}
