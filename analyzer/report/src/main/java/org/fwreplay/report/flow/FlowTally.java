package org.fwreplay.report.flow;

import java.util.Arrays;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.Packet;

/**
 * What is counted of a flow: all that its packets but the first look at or change. It lies before
 * what a {@link Flow} has besides, so that a packet finds it in a line or two of memory.
 */
abstract class FlowTally {
  /** Number of the flow in the run, from 1, in the order of their first packets. */
  long id;

  FlowKind kind;
  long lastNs;

  /** Place of the rule that decided on the first packet that did not pass, -1 for none. */
  int blockedBy;

  /** Whether the fate of a packet hangs on a rule that a capture cannot decide. */
  boolean undecided;

  /** Whether it has ended: it gets no more packets. */
  boolean ended;

  private long packets;
  private long bytes;
  private long replyPackets;
  private long replyBytes;
  private Fate firstFate;
  private int[] otherFates;

  /** Copies of its own broadcasts that the host heard. */
  private int heard;

  FlowTally() {}

  /** Nothing is counted yet. */
  final void start(long number, FlowKind what) {
    id = number;
    kind = what;
    packets = 0;
    bytes = 0;
    replyPackets = 0;
    replyBytes = 0;
    blockedBy = -1;
    undecided = false;
    ended = false;
    firstFate = null;
    otherFates = null;
    heard = 0;
  }

  /** How many packets went in a direction. */
  final long packets(int direction) {
    return direction == 0 ? packets : replyPackets;
  }

  /** How many bytes went in a direction, from the IP header on. */
  final long bytes(int direction) {
    return direction == 0 ? bytes : replyBytes;
  }

  final boolean isEmpty() {
    return firstFate == null;
  }

  /** Takes note of one packet. */
  final void count(Packet p, int direction, Fate fate, int place) {
    // The copy of a broadcast that its sender hears has a fate of its own, but is the same packet.
    if (p.type == Packet.LOOPBACK) {
      heard++;
    } else if (direction == 0) {
      packets++;
      bytes += p.length();
    } else {
      replyPackets++;
      replyBytes += p.length();
    }
    lastNs = p.timeNs;
    if (p.undecided) {
      undecided = true;
    }
    if (firstFate == null) {
      firstFate = fate;
    } else if (firstFate != fate) {
      if (otherFates == null) {
        otherFates = new int[Fate.values().length];
      }
      otherFates[fate.ordinal()]++;
    }
    if (blockedBy < 0 && !fate.passed()) {
      blockedBy = place;
    }
  }

  /** What became of the first packet. */
  final Fate firstFate() {
    return firstFate;
  }

  /** How many packets had a fate. */
  public final long packets(Fate fate) {
    if (fate != firstFate) {
      return otherFates == null ? 0 : otherFates[fate.ordinal()];
    }
    long all = packets + replyPackets + heard;
    return otherFates == null ? all : all - Arrays.stream(otherFates).asLongStream().sum();
  }

  /** What became of the flow. The host's own answer to what it rejects is a part of rejecting. */
  public final FlowVerdict verdict() {
    if (otherFates == null) {
      return FlowVerdict.of(firstFate);
    }
    boolean through = firstFate == Fate.FORWARDED;
    boolean rejected = packets(Fate.REJECTED) > 0;
    for (Fate fate : Fate.values()) {
      if (packets(fate) == 0) {
        continue;
      }
      boolean fits =
          rejected
              ? fate == Fate.REJECTED || fate == Fate.SENT
              : fate.passed() && through == (fate == Fate.FORWARDED);
      if (!fits) {
        return FlowVerdict.MIXED;
      }
    }
    return rejected ? FlowVerdict.REJECTED : FlowVerdict.of(firstFate);
  }
}
