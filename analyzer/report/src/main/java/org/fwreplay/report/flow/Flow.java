package org.fwreplay.report.flow;

import java.util.Arrays;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Tuple;

/**
 * One connection with what became of its packets; or packets of the same addresses and ports that
 * never were one. Filled by {@link FlowCollector}, complete when it is handed to a {@link
 * FlowSink}.
 */
public final class Flow extends FlowTally {
  /** Largest number of different rules that are remembered for one flow. */
  static final int MAX_HITS = 64;

  private static final int[] NONE = {};

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

  /** The frame that brought the first packet, from 0. */
  long frame;

  /** Place of the rule that decided on the first packet, -1 for none. */
  int rule;

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

  /** Whether the connection left the table during the run. */
  boolean gone;

  /** The connection that has this flow, until the flow ends. */
  Connection connection;

  /** Its hash and number in {@link LooseFlows}, and when it came to its place in their queue. */
  int hash;

  int number;
  long queuedNs;

  /** Neighbours in a {@link FlowList}. */
  Flow next;

  Flow previous;

  Flow(long id, FlowKind kind) {
    begin(id, kind);
  }

  /** Makes a used object a new flow; its addresses and times are to be set. */
  final void begin(long id, FlowKind kind) {
    start(id, kind);
    translatedReply = null;
    sourceTranslated = false;
    destinationTranslated = false;
    in = -1;
    out = -1;
    rule = -1;
    hitCount = 0;
    state = null;
    status = 0;
    mark = 0;
    zone = 0;
    helper = null;
    master = 0;
    gone = false;
    connection = null;
  }

  /** Addresses and ports of the first packet, before any translation. */
  public Tuple original() {
    return original;
  }

  /** The helper that the connection has, or null. */
  public String helper() {
    return helper;
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

  /** Whether NAT changes an address or a port of it. */
  public boolean isTranslated() {
    return translatedReply != null;
  }
}
