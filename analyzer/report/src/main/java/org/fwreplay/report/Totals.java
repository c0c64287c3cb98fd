package org.fwreplay.report;

import java.util.Arrays;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.Packet;

/** Sums over a run. Those of several runs on the same host can be added. */
public final class Totals {
  private static final int FATES = Fate.values().length;

  /** Index of a protocol that a broken header chain hides. */
  private static final int NO_PROTOCOL = 256;

  /** Packets with their bytes, counted from the IP header on. */
  public record Count(long packets, long bytes) {
    /** Whether nothing was counted. */
    public boolean isEmpty() {
      return packets == 0;
    }
  }

  /** Counters in pairs: packets, bytes. */
  private static final class Counters {
    long[] values;

    Counters(int size) {
      values = new long[size * 2];
    }

    void count(int index, long bytes) {
      values[index * 2]++;
      values[index * 2 + 1] += bytes;
    }

    Count get(int index) {
      return new Count(values[index * 2], values[index * 2 + 1]);
    }

    void add(Counters other) {
      Arrays.setAll(values, i -> values[i] + other.values[i]);
    }
  }

  private final Counters frames = new Counters(1);
  private final Counters fates = new Counters(FATES);
  private final Counters made = new Counters(FATES);
  private final Counters local = new Counters(1);
  private final Counters undecided = new Counters(1);
  private final Counters in;
  private final Counters out;
  private final Counters protocols = new Counters(2 * (NO_PROTOCOL + 1));

  /**
   * Zeros.
   *
   * @param interfaces how many the host has
   */
  public Totals(int interfaces) {
    in = new Counters(interfaces);
    out = new Counters(interfaces);
  }

  /**
   * A frame's way ended.
   *
   * @param length its bytes from the IP header on, as it was captured
   */
  void frame(Packet p, Fate fate, int length) {
    frames.count(0, length);
    fates.count(fate.ordinal(), length);
    if (p.undecided) {
      undecided.count(0, length);
    }
    if (p.local) {
      local.count(0, length);
    } else if (p.in >= 0 && fate != Fate.OTHER_HOST) {
      in.count(p.in, length);
    }
    if (fate != Fate.NOT_IP && fate != Fate.MALFORMED && fate != Fate.OTHER_HOST) {
      protocols.count(protocolIndex(p.ipv6, p.protocol), length);
    }
  }

  /** The way of a packet ended that no frame brought. */
  void made(Packet p, Fate fate) {
    made.count(fate.ordinal(), p.length());
  }

  /** A packet left, whole or in fragments. */
  void left(Packet p) {
    out.count(p.out, p.length());
  }

  private static int protocolIndex(boolean ipv6, int protocol) {
    return (ipv6 ? NO_PROTOCOL + 1 : 0) + (protocol < 0 ? NO_PROTOCOL : protocol);
  }

  /** Adds the sums of another run. */
  public Totals add(Totals other) {
    frames.add(other.frames);
    fates.add(other.fates);
    made.add(other.made);
    local.add(other.local);
    undecided.add(other.undecided);
    in.add(other.in);
    out.add(other.out);
    protocols.add(other.protocols);
    return this;
  }

  /** All frames of all captures. */
  public Count frames() {
    return frames.get(0);
  }

  /** Frames by how their way ended. */
  public Count of(Fate fate) {
    return fates.get(fate.ordinal());
  }

  /** Packets that the host made by itself, or looped back, by how their way ended. */
  public Count made(Fate fate) {
    return made.get(fate.ordinal());
  }

  /** Packets of the captures of what the host itself sends. */
  public Count local() {
    return local.get(0);
  }

  /** Frames whose fate hangs on a rule that a capture cannot decide. */
  public Count undecided() {
    return undecided.get(0);
  }

  /** Frames that arrived at an interface. */
  public Count in(int interfaceId) {
    return in.get(interfaceId);
  }

  /** Packets that left by an interface. */
  public Count out(int interfaceId) {
    return out.get(interfaceId);
  }

  /**
   * Frames by what they carried.
   *
   * @param protocol 0 to 255, or -1 for a broken IPv6 header chain
   */
  public Count protocol(boolean ipv6, int protocol) {
    return protocols.get(protocolIndex(ipv6, protocol));
  }
}
