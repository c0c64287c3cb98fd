package org.fwreplay.legacy;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Packet;

/** A port trigger and its life: {@code struct ipt_trigger} of ipt_TRIGGER. */
public final class Trigger {
  /** Most connections that are listed of one trigger. */
  public static final int MAX_LISTED = 1000;

  /** Why a trigger is no more. */
  public enum End {
    /** Nothing refreshed it for 600 seconds. */
    EXPIRED,
    /** A ruleset was committed, which empties the list. */
    FLUSHED
  }

  /**
   * An inbound connection that was led through a trigger; IPv4 addresses in 32 bits.
   *
   * @param port to which it came, and to which it went on
   * @param inside the host inside that it was led to
   */
  public record Through(
      long timeNs, long frame, int protocol, long source, int sourcePort, int port, long inside) {}

  private final int matchProtocol;
  private final int matchLow;
  private final int matchHigh;
  private final int relateProtocol;
  private final int relateLow;
  private final int relateHigh;
  private final long startNs;
  private final long frame;
  private final List<Long> hosts = new ArrayList<>();
  private final List<Through> connections = new ArrayList<>();
  private long source;
  private boolean reply;
  private long expiresNs;
  private long endNs = -1;
  private End end;
  private long refreshes;
  private long connectionCount;

  Trigger(Packet p, TriggerRanges ranges, long expiresNs) {
    matchProtocol = p.protocol;
    matchLow = ranges.matchLow();
    matchHigh = ranges.matchHigh();
    relateProtocol = ranges.protocol();
    relateLow = ranges.relateLow();
    relateHigh = ranges.relateHigh();
    startNs = p.timeNs;
    frame = p.frame;
    this.expiresNs = expiresNs;
    takeSource(p.sourceLo());
  }

  void takeSource(long address) {
    if (hosts.isEmpty() || source != address) {
      hosts.add(address);
    }
    source = address;
  }

  void refresh(long until) {
    expiresNs = until;
    refreshes++;
  }

  void led(Packet p, int sourcePort, int port) {
    reply = true;
    connectionCount++;
    if (connections.size() < MAX_LISTED) {
      connections.add(
          new Through(p.timeNs, p.frame, p.protocol, p.sourceLo(), sourcePort, port, source));
    }
  }

  void end(End reason, long ns) {
    end = reason;
    endNs = ns;
  }

  boolean matchesOut(int protocol, int port) {
    return matchProtocol == protocol && matchLow <= port && port <= matchHigh;
  }

  boolean matchesIn(int protocol, int port) {
    return (relateProtocol == 0 || relateProtocol == protocol)
        && relateLow <= port
        && port <= relateHigh;
  }

  boolean relatesAs(TriggerRanges ranges) {
    return relateProtocol == ranges.protocol()
        && relateLow == ranges.relateLow()
        && relateHigh == ranges.relateHigh();
  }

  boolean hasLed(Tuple original) {
    return matchesIn(original.protocol, original.destinationPort);
  }

  boolean hasReply() {
    return reply;
  }

  /** The protocol of the packet that set it off. */
  public int matchProtocol() {
    return matchProtocol;
  }

  /** The first destination port that sets it off again. */
  public int matchLow() {
    return matchLow;
  }

  /** The last one. */
  public int matchHigh() {
    return matchHigh;
  }

  /** The protocol that it opens ports of; 0 for TCP and UDP. */
  public int relateProtocol() {
    return relateProtocol;
  }

  /** The first port that it opens. */
  public int relateLow() {
    return relateLow;
  }

  /** The last one. */
  public int relateHigh() {
    return relateHigh;
  }

  /** When it was set off, ns. */
  public long startNs() {
    return startNs;
  }

  /** The frame that set it off, from 0. */
  public long frame() {
    return frame;
  }

  /** The host inside that connections are led to now; an IPv4 address. */
  public long source() {
    return source;
  }

  /** The hosts that it was for, one after the other. */
  public List<Long> hosts() {
    return List.copyOf(hosts);
  }

  /** When it ends unless it is refreshed, ns. */
  public long expiresNs() {
    return expiresNs;
  }

  /** Why it ended, or null. */
  public End end() {
    return end;
  }

  /** When it ended, ns; -1 where it did not. */
  public long endNs() {
    return endNs;
  }

  /** How often its time was set anew. */
  public long refreshes() {
    return refreshes;
  }

  /** The connections that came through it, the first {@link #MAX_LISTED}. */
  public List<Through> connections() {
    return List.copyOf(connections);
  }

  /** How many came through it. */
  public long connectionCount() {
    return connectionCount;
  }
}
