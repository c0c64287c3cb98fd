package org.fwreplay.legacy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.packet.Packet;

/**
 * The list of port triggers that all TRIGGER rules share: ipt_TRIGGER of CyberTAN (2003), and of
 * Delta Networks (2008). Their destination port is that of the packet, wherever it is met.
 */
public final class Triggers {
  /** The key that rules share it by. */
  public static final String SHARED = "triggers";

  /** {@code TRIGGER_TIMEOUT}. */
  public static final long LIFETIME_NS = 600_000_000_000L;

  /** Triggers that are remembered after their end. */
  private static final int MAX_ENDED = 10_000;

  /** Newest first, as a packet finds them; as few as there are rules, nearly always. */
  private final List<Trigger> list = new ArrayList<>();

  private final List<Trigger> ended = new ArrayList<>();
  private Conntrack conntrack;
  private boolean kills;
  private long nextNs = Long.MAX_VALUE;
  private long nowNs;

  /**
   * Has connections end with the trigger that they came through, as from 2008 on.
   *
   * @param tracking the run's
   */
  public void killWith(Conntrack tracking) {
    conntrack = tracking;
    kills = true;
  }

  /** Moves the clock: what was not refreshed in time ends. */
  public void advance(long ns) {
    nowNs = ns;
    if (nowNs < nextNs) {
      return;
    }
    nextNs = Long.MAX_VALUE;
    for (Iterator<Trigger> i = list.iterator(); i.hasNext(); ) {
      Trigger trigger = i.next();
      if (trigger.expiresNs() <= nowNs) {
        i.remove();
        finish(trigger, Trigger.End.EXPIRED, trigger.expiresNs());
      } else {
        nextNs = Math.min(nextNs, trigger.expiresNs());
      }
    }
  }

  /** Empties the list: what every commit of a ruleset with TRIGGER in it does. */
  public void flush() {
    list.forEach(trigger -> finish(trigger, Trigger.End.FLUSHED, nowNs));
    list.clear();
  }

  private void finish(Trigger trigger, Trigger.End reason, long ns) {
    trigger.end(reason, ns);
    if (ended.size() < MAX_ENDED) {
      ended.add(trigger);
    }
    if (kills) {
      List<Connection> led = new ArrayList<>();
      conntrack.forEach(
          ct -> {
            if (ct.is(Connection.TRIGGERED) && trigger.hasLed(ct.original)) {
              led.add(ct);
            }
          });
      led.forEach(conntrack::kill);
    }
  }

  /**
   * An outgoing packet to a port: refreshes the trigger that it finds or sets off a new one. In
   * 2003 the first that fits the packet is found, whichever rule made it, and a second host takes
   * it over only after a connection has come in.
   *
   * @return the trigger if it is new, else null
   */
  public Trigger out(Packet p, int port, TriggerRanges ranges, boolean year2008) {
    long until = p.timeNs + LIFETIME_NS;
    for (Trigger trigger : list) {
      boolean found = trigger.matchesOut(p.protocol, port);
      if (found && (!year2008 || trigger.relatesAs(ranges))) {
        trigger.refresh(until);
        if (year2008 || trigger.hasReply()) {
          trigger.takeSource(p.sourceLo());
        }
        return null;
      }
    }
    Trigger trigger = new Trigger(p, ranges, until);
    list.add(0, trigger);
    nextNs = Math.min(nextNs, until);
    return trigger;
  }

  /** The newest trigger that has opened a port, or null. */
  public Trigger find(int protocol, int port) {
    for (Trigger trigger : list) {
      if (trigger.matchesIn(protocol, port)) {
        return trigger;
      }
    }
    return null;
  }

  /** A packet came in through a trigger. */
  public void in(Trigger trigger, Packet p) {
    trigger.refresh(p.timeNs + LIFETIME_NS);
  }

  /** A new connection is led to the host inside; its time is not set anew. */
  public void led(Trigger trigger, Packet p, int sourcePort, int port) {
    trigger.led(p, sourcePort, port);
  }

  /** All that there were, in the order of their beginning. */
  public List<Trigger> history() {
    List<Trigger> all = new ArrayList<>(ended);
    all.addAll(list);
    all.sort(java.util.Comparator.comparingLong(Trigger::startNs));
    return all;
  }
}
