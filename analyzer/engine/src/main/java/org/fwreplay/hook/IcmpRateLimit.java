package org.fwreplay.hook;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.fwreplay.host.Host;
import org.fwreplay.host.Sysctls;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Packet;

/**
 * How much ICMP and ICMPv6 the host sends (icmpv4_xrlim_allow, icmpv6_xrlim_allow,
 * icmp_global_allow): to each host six at once, then one each {@code net.ipv4.icmp_ratelimit} or
 * {@code net.ipv6.icmp.ratelimit} milliseconds, and to all hosts {@code net.ipv4.icmp_msgs_per_sec}
 * a second. Limited are the types in {@code net.ipv4.icmp_ratemask}, {@code
 * net.ipv6.icmp.ratemask}.
 *
 * <p>Linux counts in ticks of its clock, 1 to 10 ms long; how long they are no setting tells, so
 * time is exact here. IPv6's limit is the same whatever route leads to the host, as in Linux 6.18;
 * older ones sent more where the route's prefix was short.
 */
final class IcmpRateLimit {
  private static final int BURST = 6;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long MILLISECOND_NS = 1_000_000L;

  /** What all may get is not looked at again earlier. */
  private static final long PAUSE_NS = SECOND_NS / 50;

  /** {@code ip_rt_error_burst}, where one costs a second ({@code ip_rt_error_cost}). */
  private static final long UNROUTABLE_BURST_NS = 5 * SECOND_NS;

  /** Types up to NR_ICMP_TYPES are in the mask, {@code icmp_ratemask}'s default among them. */
  private static final int MASK4 = (1 << Icmp.ADDRESS_MASK_REPLY + 1) - 1;

  private static final int DEFAULT_MASK4 = 0x1818;
  private static final int TYPES6 = 256;
  private static final String DEFAULT_MASK6 = "0-1,3-127";
  private static final int NOT_LIMITED = -1;

  /**
   * A family's limit.
   *
   * @param costNs of one message, 0 where hosts are not looked at
   * @param types that are limited; none where nothing is
   */
  private record Limit(long costNs, BitSet types) {}

  private final Limit four;
  private final Limit six;
  private final boolean unroutable;
  private final int perSecond;
  private final int burst;
  private final int loopback;
  private final Peers peers;
  private final SplittableRandom random;
  private long credit;

  /** When the credit was last looked after: before any capture, so that it begins full. */
  private long creditNs = -SECOND_NS;

  IcmpRateLimit(Host host, Peers peers, SplittableRandom random) {
    this.peers = peers;
    this.random = random;
    loopback = host.loopback();
    Sysctls s = host.sysctls();
    perSecond = s.getInt("net.ipv4.icmp_msgs_per_sec", NOT_LIMITED);
    burst = s.getInt("net.ipv4.icmp_msgs_burst", 50);
    long mask = s.getInt("net.ipv4.icmp_ratemask", DEFAULT_MASK4) & MASK4;
    four = limit(s.getInt("net.ipv4.icmp_ratelimit", 0), BitSet.valueOf(new long[] {mask}));
    BitSet types = s.getBitmap("net.ipv6.icmp.ratemask", TYPES6, DEFAULT_MASK6);
    six = limit(s.getInt("net.ipv6.icmp.ratelimit", 0), types);
    unroutable = s.getInt("net.ipv4.route.error_cost", 1) > 0;
  }

  private Limit limit(int milliseconds, BitSet types) {
    long costNs = Math.max(milliseconds, 0) * MILLISECOND_NS;
    return new Limit(costNs, costNs == 0 && perSecond == NOT_LIMITED ? new BitSet() : types);
  }

  /**
   * Whether a message may be sent to the source of a packet now; if so that counts.
   *
   * @param cause the packet that it is about, or that it answers
   * @param oif interface that it would leave by
   */
  boolean allows(Packet cause, int type, int code, int oif) {
    Limit limit = cause.ipv6 ? six : four;
    if (!limit.types.get(type) || isPathMtu(cause, type, code) || isFromLoopback(cause)) {
      return true;
    }
    if (perSecond != NOT_LIMITED && !hasCredit()) {
      return false;
    }
    if (oif != loopback && limit.costNs > 0) {
      Peers.Peer peer = peers.of(cause.ipv6, cause.sourceHi(), cause.sourceLo());
      if (!peer.spend(limit.costNs, BURST * limit.costNs, peers.nowNs())) {
        return false;
      }
    }
    if (perSecond != NOT_LIMITED) {
      credit -= random.nextInt(3);
    }
    return true;
  }

  private static boolean isPathMtu(Packet cause, int type, int code) {
    return !cause.ipv6 && type == Icmp.DEST_UNREACHABLE && code == 4;
  }

  /** Packets of the host itself have no interface yet; REJECT says loopback of IPv6 ones. */
  private boolean isFromLoopback(Packet cause) {
    return cause.in == loopback || cause.ipv6 && cause.in < 0;
  }

  private boolean hasCredit() {
    if (credit > 0) {
      return true;
    }
    long sinceNs = Math.min(peers.nowNs() - creditNs, SECOND_NS);
    long more = perSecond * sinceNs / SECOND_NS;
    if (sinceNs < PAUSE_NS || more == 0) {
      return false;
    }
    creditNs = peers.nowNs();
    credit = Math.min(credit + more, burst);
    return true;
  }

  /**
   * Whether the sender of a packet with no way on may hear of that, as far as {@code ip_error} is
   * asked: five at once, then one a second, and only IPv4.
   */
  boolean allowsUnroutable(Packet p) {
    return p.ipv6
        || !unroutable
        || peers.of(false, 0, p.sourceLo()).spend(SECOND_NS, UNROUTABLE_BURST_NS, peers.nowNs());
  }
}
