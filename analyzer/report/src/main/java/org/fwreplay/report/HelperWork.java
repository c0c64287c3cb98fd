package org.fwreplay.report;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.ExpectationEnd;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Packet;
import org.fwreplay.report.flow.FlowCollector;
import org.fwreplay.report.flow.RunNames;

/** What helpers did in a run: connections that they expected, payload that they rewrote. */
public final class HelperWork {
  private static final int MAX_USES = 64;
  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;

  private final int limit;
  private final FtpTransfers ftp;
  private final List<Life> lives = new ArrayList<>();
  private final List<Rewrite> rewrites = new ArrayList<>();
  private final List<Runnable> unsettled = new ArrayList<>();
  private long livesLeftOut;
  private long rewritesLeftOut;
  private long frame;
  private long nowNs;

  /**
   * A connection that came.
   *
   * @param flow its flow, 0 where its first packet was dropped
   */
  public record Use(long timeNs, long frame, long flow) {}

  /** From announcement to end of one expectation. */
  public static final class Life {
    private final Expectation expectation;
    private final String helper;
    private final String source;
    private final String destination;
    private final long startNs;
    private final long frame;
    private final String announcement;
    private final List<Use> uses = new ArrayList<>();
    private long useCount;
    private long master;
    private long endNs;
    private ExpectationEnd end;

    private Life(Expectation e, long startNs, long frame) {
      expectation = e;
      this.startNs = startNs;
      this.frame = frame;
      helper = e.helper.name();
      source = source(e);
      destination =
          end(AddressText.of(e.tuple.ipv6, e.tuple.destinationHi, e.tuple.destinationLo), e)
              + e.tuple.destinationPort;
      announcement = e.announcement == null ? null : Payload.text(e.announcement);
    }

    private static String end(String address, Expectation e) {
      return e.tuple.ipv6 ? "[" + address + "]:" : address + ":";
    }

    private static String source(Expectation e) {
      int bits = Long.bitCount(e.maskHi) + Long.bitCount(e.maskLo);
      if (bits == 0) {
        return "any";
      }
      String address = AddressText.of(e.tuple.ipv6, e.tuple.sourceHi, e.tuple.sourceLo);
      String prefix = bits == (e.tuple.ipv6 ? IPV6_BITS : IPV4_BITS) ? "" : "/" + bits;
      return e.maskPort == 0 ? address + prefix : end(address + prefix, e) + e.tuple.sourcePort;
    }

    /** The helper that expected it. */
    public String helper() {
      return helper;
    }

    /** The flow of the connection that announced it, 0 for one that was never confirmed. */
    public long master() {
      return master;
    }

    /** The protocol of the expected connection. */
    public String protocol() {
      return RunNames.protocol(expectation.tuple.protocol);
    }

    /** Who may come: address, network or {@code any}, with a port where only one will do. */
    public String source() {
      return source;
    }

    /** Address and port that are waited at. */
    public String destination() {
      return destination;
    }

    /** Whether several connections may come. */
    public boolean permanent() {
      return expectation.is(Expectation.PERMANENT);
    }

    /** The part of the payload that announced it, or null. */
    public String announcement() {
      return announcement;
    }

    /** When it was announced. */
    public long startNs() {
      return startNs;
    }

    /** By which frame, from 0. */
    public long frame() {
      return frame;
    }

    /** The first connections that came. */
    public List<Use> uses() {
      return uses;
    }

    /** How many connections came. */
    public long useCount() {
      return useCount;
    }

    /** Why it ended, or null. */
    public ExpectationEnd end() {
      return end;
    }

    /** When it ended. */
    public long endNs() {
      return endNs;
    }
  }

  /**
   * A part of a payload before and after.
   *
   * @param reply whether the packet goes to the client
   * @param offset in the payload, in bytes
   */
  public record Rewrite(
      long timeNs,
      long frame,
      String helper,
      long flow,
      boolean reply,
      int offset,
      String before,
      String after) {}

  /**
   * Nothing done yet.
   *
   * @param limit most expectations, and most rewrites, that are kept
   * @param ftp is told of FTP's data connections
   */
  HelperWork(int limit, FtpTransfers ftp) {
    this.limit = limit;
    this.ftp = ftp;
  }

  /** The next frame starts. */
  void frame(Packet packet) {
    settle();
    frame = packet.frame;
    nowNs = packet.timeNs;
  }

  /** Flows are known once the frame is over that began them. */
  private void settle() {
    if (!unsettled.isEmpty()) {
      unsettled.forEach(Runnable::run);
      unsettled.clear();
    }
  }

  void expected(Expectation e) {
    if (lives.size() == limit) {
      livesLeftOut++;
      return;
    }
    Life life = new Life(e, nowNs, frame);
    life.master = FlowCollector.idOf(e.master);
    if (life.master == 0) {
      unsettled.add(() -> life.master = FlowCollector.idOf(e.master));
    }
    e.observed = life;
    lives.add(life);
  }

  void fulfilled(Expectation e, Connection ct) {
    if (!(e.observed instanceof Life life)) {
      return;
    }
    life.useCount++;
    long useNs = nowNs;
    long useFrame = frame;
    unsettled.add(
        () -> {
          long flow = FlowCollector.idOf(ct);
          if (life.uses.size() < MAX_USES) {
            life.uses.add(new Use(useNs, useFrame, flow));
          }
          if (flow != 0 && life.helper.equals("ftp")) {
            ftp.data(life.master, flow);
          }
        });
  }

  void ended(Expectation e, ExpectationEnd why) {
    if (e.observed instanceof Life life) {
      life.end = why;
      life.endNs = why == ExpectationEnd.EXPIRED ? e.expiresNs : nowNs;
    }
  }

  void rewritten(Connection ct, boolean reply, int offset, byte[] before, byte[] after) {
    if (rewrites.size() + unsettled.size() >= limit) {
      rewritesLeftOut++;
      return;
    }
    String was = Payload.text(before);
    String is = Payload.text(after);
    String helper = ct.helper;
    long atNs = nowNs;
    long atFrame = frame;
    unsettled.add(
        () ->
            rewrites.add(
                new Rewrite(
                    atNs, atFrame, helper, FlowCollector.idOf(ct), reply, offset, was, is)));
  }

  /** The run is over. */
  void finish(long lastNs) {
    settle();
    for (Life life : lives) {
      if (life.end == null && life.expectation.expiresNs <= lastNs) {
        life.end = ExpectationEnd.EXPIRED;
        life.endNs = life.expectation.expiresNs;
      }
    }
  }

  /** The expectations, in the order they were announced. */
  public List<Life> expectations() {
    return lives;
  }

  /** How many expectations were not kept. */
  public long expectationsLeftOut() {
    return livesLeftOut;
  }

  /** What was rewritten, in order. */
  public List<Rewrite> rewrites() {
    return rewrites;
  }

  /** How much that was rewritten was not kept. */
  public long rewritesLeftOut() {
    return rewritesLeftOut;
  }
}
