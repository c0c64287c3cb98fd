package org.fwreplay.report.flow;

import java.util.Arrays;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.Packet;

/**
 * One connection with what became of its packets; or packets of the same addresses and ports that
 * never were one. Filled by {@link FlowCollector}, complete when it is handed to a {@link
 * FlowSink}.
 */
public final class Flow {
  /** Largest number of different rules that are remembered for one flow. */
  static final int MAX_HITS = 64;

  private static final int[] NONE = {};

  /** Number of the flow in the run, from 1, in the order of their first packets. */
  long id;

  FlowKind kind;

  /** Addresses and ports of the first packet, before any translation. */
  final Tuple original = new Tuple();

  /** What answers look like where NAT translates, else null. */
  Tuple translatedReply;

  boolean sourceTranslated;
  boolean destinationTranslated;

  /** Interface ids of the first packet, -1 for none. */
  int in;

  int out;
  long firstNs;
  long lastNs;

  /** The frame that brought the first packet, from 0. */
  long frame;

  private long packets;
  private long bytes;
  private long replyPackets;
  private long replyBytes;

  /** Place of the rule that decided on the first packet, -1 for none. */
  int rule;

  /** Place of the rule that decided on the first packet that did not pass, -1 for none. */
  int blockedBy;

  int[] hits = NONE;
  int hitCount;

  /** State at the end, as conntrack names it, or null. */
  String state;

  int status;
  int mark;
  int zone;
  String helper;

  /** The flow that expected this one, 0 for none. */
  long master;

  /** Whether the fate of a packet hangs on a rule that a capture cannot decide. */
  boolean undecided;

  /** Whether it has ended: it gets no more packets. */
  boolean ended;

  /** Whether the connection left the table during the run. */
  boolean gone;

  /** The connection that has this flow, until the flow ends. */
  Connection connection;

  /** Its hash in {@link LooseFlows}, and when it came to its place in their queue. */
  int hash;

  long queuedNs;

  /** Neighbours in a {@link FlowList}. */
  Flow next;

  Flow previous;

  private Fate firstFate;
  private int[] otherFates;

  /** Copies of its own broadcasts that the host heard. */
  private int heard;

  Flow(long id, FlowKind kind) {
    begin(id, kind);
  }

  /** Makes a used object a new flow; its addresses and times are to be set. */
  final void begin(long id, FlowKind kind) {
    this.id = id;
    this.kind = kind;
    translatedReply = null;
    sourceTranslated = false;
    destinationTranslated = false;
    in = -1;
    out = -1;
    packets = 0;
    bytes = 0;
    replyPackets = 0;
    replyBytes = 0;
    rule = -1;
    blockedBy = -1;
    hitCount = 0;
    state = null;
    status = 0;
    mark = 0;
    zone = 0;
    helper = null;
    master = 0;
    undecided = false;
    ended = false;
    gone = false;
    connection = null;
    firstFate = null;
    otherFates = null;
    heard = 0;
  }

  /** How many packets went in a direction. */
  long packets(int direction) {
    return direction == 0 ? packets : replyPackets;
  }

  /** How many bytes went in a direction, from the IP header on. */
  long bytes(int direction) {
    return direction == 0 ? bytes : replyBytes;
  }

  /** Addresses and ports of the first packet, before any translation. */
  public Tuple original() {
    return original;
  }

  /** The helper that the connection has, or null. */
  public String helper() {
    return helper;
  }

  boolean isEmpty() {
    return firstFate == null;
  }

  /** Takes note of one packet. */
  void count(Packet p, int direction, Fate fate, int place) {
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

  /** Takes note of the places that a packet hit, in their order. */
  void hit(int[] places, int count) {
    int expected = 0;
    for (int i = 0; i < count; i++) {
      int place = places[i];
      if (expected < hitCount && hits[expected] == place) {
        expected++;
      } else {
        expected = indexOf(place) + 1;
      }
    }
  }

  /** Where a place is among the hits; it is added if it was not there and there is room. */
  private int indexOf(int place) {
    for (int i = 0; i < hitCount; i++) {
      if (hits[i] == place) {
        return i;
      }
    }
    if (hitCount == MAX_HITS) {
      return hitCount;
    }
    if (hitCount == hits.length) {
      hits = Arrays.copyOf(hits, hitCount == 0 ? 4 : hitCount * 2);
    }
    hits[hitCount] = place;
    return hitCount++;
  }

  /** Takes over the key and the translation of a connection. */
  void take(Connection ct) {
    original.set(ct.original);
    zone = ct.zone;
    sourceTranslated = ct.is(Connection.SRC_NAT);
    destinationTranslated = ct.is(Connection.DST_NAT);
    if (sourceTranslated || destinationTranslated) {
      translatedReply = new Tuple();
      translatedReply.set(ct.reply);
    }
  }

  /** Takes over how a connection is at its end. */
  void settle(Connection ct) {
    state = ct.stateName();
    status = ct.status;
    mark = ct.mark;
    helper = ct.helper;
  }

  /** What became of the first packet. */
  Fate firstFate() {
    return firstFate;
  }

  /** Whether NAT changes an address or a port of it. */
  public boolean isTranslated() {
    return translatedReply != null;
  }

  /** How many packets had a fate. */
  public long packets(Fate fate) {
    if (fate != firstFate) {
      return otherFates == null ? 0 : otherFates[fate.ordinal()];
    }
    long all = packets + replyPackets + heard;
    return otherFates == null ? all : all - Arrays.stream(otherFates).asLongStream().sum();
  }

  /** What became of the flow. The host's own answer to what it rejects is a part of rejecting. */
  public FlowVerdict verdict() {
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
