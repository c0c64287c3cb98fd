package org.fwreplay.conntrack;

import java.util.Arrays;

/**
 * A connection that is waited for: {@code struct nf_conntrack_expect}. The destination is given
 * fully, the source may be left open in part.
 */
public final class Expectation {
  /** Bits of {@link #flags}: {@code NF_CT_EXPECT_*}. */
  public static final int PERMANENT = 1;

  public static final int INACTIVE = 2;
  public static final int USERSPACE = 4;

  /** It is waited for even when its master is gone; no kernel knows this. */
  public static final int OUTLIVES = 1 << 8;

  private static final int MAX_ANNOUNCEMENT = 200;

  public final Tuple tuple = new Tuple();

  /** Mask of the source address: all ones or nothing; helpers for broadcasts use a netmask. */
  public long maskHi;

  public long maskLo;

  /** Mask of the source port (or key): 0xffff or 0. */
  public int maskPort;

  public int flags;
  public final int expectationClass;

  /** The connection whose helper expects this one. */
  public final Connection master;

  /** The helper that made it. */
  public final ConntrackHelper helper;

  /** The helper that the expected connection gets, or null. */
  public ConntrackHelper assignHelper;

  /** What is done with the expected connection, or null. */
  public ExpectationFunction function;

  /** For NAT: destination as announced, before it was translated. */
  public long savedHi;

  public long savedLo;
  public int savedPort;

  /** Direction of the expected connection relative to its master's. */
  public int direction;

  /** Since when it is expected, and when it expires; packet clock's ns. */
  public long startNs;

  public long expiresNs;

  /** The part of a payload that announced it, as it came; null for none. */
  public byte[] announcement;

  /** Free for those who observe a run. */
  public Object observed;

  /** Whether it is in the table. */
  boolean linked;

  Expectation bucketNext;
  Expectation masterNext;

  /**
   * An expectation from any source; nothing is expected before {@link Expectations#expect}.
   *
   * @param protocol IP protocol of the expected connection
   */
  public Expectation(Connection master, int expectationClass, int protocol) {
    this.master = master;
    this.expectationClass = expectationClass;
    this.helper = master.help == null ? null : master.help.helper;
    tuple.ipv6 = master.original.ipv6;
    tuple.protocol = protocol;
    tuple.zone = master.zone;
  }

  /** Only from this address. */
  public Expectation from(long hi, long lo) {
    tuple.sourceHi = hi;
    tuple.sourceLo = lo;
    maskHi = tuple.ipv6 ? -1 : 0;
    maskLo = tuple.ipv6 ? -1 : 0xffffffffL;
    return this;
  }

  /** From any address. */
  public Expectation fromAny() {
    tuple.sourceHi = 0;
    tuple.sourceLo = 0;
    maskHi = 0;
    maskLo = 0;
    return this;
  }

  /** Only from this port. */
  public Expectation fromPort(int port) {
    tuple.sourcePort = port;
    maskPort = 0xffff;
    return this;
  }

  /** To this address and port. */
  public Expectation to(long hi, long lo, int port) {
    tuple.destinationHi = hi;
    tuple.destinationLo = lo;
    tuple.destinationPort = port;
    return this;
  }

  /** Says which bytes of a buffer announce it; they are copied, the first of them. */
  public Expectation announced(byte[] buffer, int from, int to) {
    announcement = Arrays.copyOfRange(buffer, from, Math.min(to, from + MAX_ANNOUNCEMENT));
    return this;
  }

  /** The next older expectation of the same master, or null. */
  public Expectation next() {
    return masterNext;
  }

  /** Whether all given flags are set. */
  public boolean is(int flag) {
    return (flags & flag) == flag;
  }

  /** Whether it is waited for: it was expected and neither ended nor was used up. */
  public boolean isLinked() {
    return linked;
  }

  boolean sameDestination(Tuple t) {
    return t.destinationLo == tuple.destinationLo
        && t.destinationPort == tuple.destinationPort
        && t.destinationHi == tuple.destinationHi
        && t.protocol == tuple.protocol
        && t.ipv6 == tuple.ipv6;
  }

  /** Whether the tuple's source is this one's where the given masks have ones. */
  boolean sameSource(Tuple t, long hi, long lo, int port) {
    return ((t.sourceHi ^ tuple.sourceHi) & hi) == 0
        && ((t.sourceLo ^ tuple.sourceLo) & lo) == 0
        && ((t.sourcePort ^ tuple.sourcePort) & port) == 0;
  }

  boolean matches(Tuple t) {
    return sameDestination(t) && sameSource(t, maskHi, maskLo, maskPort);
  }

  /** {@code expect_clash}: could one connection fulfil both? */
  boolean clashes(Expectation o) {
    return tuple.zone == o.tuple.zone
        && sameDestination(o.tuple)
        && sameSource(o.tuple, maskHi & o.maskHi, maskLo & o.maskLo, maskPort & o.maskPort);
  }

  /** {@code expect_matches}: do both expect the very same? */
  boolean equals(Expectation o) {
    return tuple.zone == o.tuple.zone
        && tuple.sameKey(o.tuple)
        && maskHi == o.maskHi
        && maskLo == o.maskLo
        && maskPort == o.maskPort;
  }
}
