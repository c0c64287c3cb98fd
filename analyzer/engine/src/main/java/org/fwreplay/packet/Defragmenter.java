package org.fwreplay.packet;

/**
 * Puts fragmented datagrams together as the kernel does for connection tracking and for local
 * delivery (net/ipv4/ip_fragment.c, net/ipv6/netfilter/nf_conntrack_reasm.c,
 * net/ipv6/reassembly.c). For local delivery IPv6 does so after the INPUT hook.
 *
 * <p>A whole packet has mark, packet type, link header and IP header of its first fragment, but
 * time, frame and interface of the fragment that arrived last. It is this class's caller who lets
 * time pass: {@link #advance} before each {@link #in}.
 */
public final class Defragmenter {
  /** Consumed; the rest of the datagram is missing. */
  public static final int HELD = 0;

  /**
   * The packet is now the whole datagram, in its own buffer. Its transport header is known unless
   * further IPv6 extension headers follow: decode anew.
   */
  public static final int WHOLE = 1;

  /** Consumed; {@link #dropReason} says why. */
  public static final int DROPPED = 2;

  /** IPv6 only: the packet goes on as the fragment that it is. */
  public static final int PASSED = 3;

  /** Users, {@code enum ip_defrag_users}: their fragments don't mix. */
  public static final int LOCAL_DELIVER = 0;

  /** Connection tracking at PREROUTING; plus the zone. */
  public static final int CONNTRACK_IN = 2;

  /** Connection tracking at OUTPUT; plus the zone. */
  public static final int CONNTRACK_OUT = CONNTRACK_IN + 65_536;

  private static final int MAX_WHOLE = 65_535;

  /** ETH_HLEN. */
  private static final int LINK_HEADER = 14;

  /** LL_RESERVED_SPACE of an Ethernet device. */
  private static final int LINK_RESERVED = 16;

  /**
   * The sysctls of reassembly, and one property of the way packets came.
   *
   * @param timeout4Ns net.ipv4.ipfrag_time
   * @param timeout6Ns net.netfilter.nf_conntrack_frag6_timeout
   * @param memory4 net.ipv4.ipfrag_high_thresh, bytes
   * @param memory6 net.netfilter.nf_conntrack_frag6_high_thresh, bytes
   * @param maxDistance net.ipv4.ipfrag_max_dist; 0 for no limit
   * @param headroom free bytes before the link header of a received frame: the kernel gives up the
   *     fragments' geometry where a later fragment has no room for the first one's IP header. 64
   *     for network cards (NET_SKB_PAD), 2 for frames that a packet socket sent through a veth
   *     pair.
   */
  public record Settings(
      long timeout4Ns, long timeout6Ns, long memory4, long memory6, int maxDistance, int headroom) {
    /** The kernel's defaults. */
    public static final Settings DEFAULT =
        new Settings(30_000_000_000L, 60_000_000_000L, 4 << 20, 4 << 20, 64, 64);
  }

  /** Is told of datagrams that never became whole though their first fragment had come. */
  @FunctionalInterface
  public interface Expired {
    /**
     * A queue timed out. The kernel answers ICMP time exceeded, code 1; for IPv4 and a connection
     * tracking user only where the packet is for this host (ip_expire), for IPv6 always.
     *
     * @param first the first fragment, valid during the call; its {@code in} is the interface of
     *     the fragment that came last, its {@code timeNs} when the queue expired
     * @param user whose queue it was
     */
    void expired(Packet first, int user);
  }

  private final Settings settings;
  private final FragmentTable table;
  private final Packet first = new Packet();
  private String dropReason = "";
  private int problemCode;
  private int problemPointer;

  public Defragmenter(Settings settings) {
    this.settings = settings;
    table = new FragmentTable(settings);
  }

  /**
   * Whether connection tracking hands a packet to reassembly: an IPv4 fragment; an IPv6 packet with
   * a fragment header, be it the only fragment of its datagram.
   */
  public static boolean isFragment(Packet p) {
    return p.ipv6
        ? p.u16(p.network + Ipv6.PAYLOAD_LENGTH) != 0 && Ipv6Chain.fragmentHeader(p) >= 0
        : (p.u16(p.network + Ipv4.FRAGMENT) & (Ipv4.MF | Ipv4.OFFSET_MASK)) != 0;
  }

  /** Why the last packet was {@link #DROPPED}, in words. */
  public String dropReason() {
    return dropReason;
  }

  /**
   * The code of the ICMPv6 parameter problem that tells the sender why its fragment was {@link
   * #DROPPED}; -1 where it is not told.
   */
  public int problemCode() {
    return problemCode;
  }

  /** Where the problem is, in bytes from the IPv6 header. */
  public int problemPointer() {
    return problemPointer;
  }

  /** Bytes that incomplete datagrams take up, by the kernel's count as far as it can be known. */
  public long memory() {
    return table.memory();
  }

  /**
   * Takes a fragment.
   *
   * @param user {@link #LOCAL_DELIVER}, {@link #CONNTRACK_IN} or {@link #CONNTRACK_OUT} plus the
   *     zone
   * @return {@link #HELD}, {@link #WHOLE}, {@link #DROPPED} or {@link #PASSED}
   */
  public int in(Packet p, int user, long nowNs) {
    return p.ipv6 ? in6(p, user, nowNs) : in4(p, user, nowNs);
  }

  /**
   * Gives a fragment its own header back. When Linux sends fragments on as they came, it writes the
   * outgoing headers over them in place, and a capture that shares the bytes shows the last
   * fragment with the addresses (and in IPv6 the identification) of what left instead of what came.
   * Such a fragment belongs to no datagram of its own, but another one lacks just it; and it
   * carries the host's own source MAC, or has one hop less than the first fragment.
   *
   * @return whether the fragment now belongs to a datagram that waits for it; otherwise nothing was
   *     changed
   */
  public boolean restore(Packet p, int user) {
    int found = p.ipv6 ? Ipv6Chain.fragmentHeader(p) : 0;
    int header = p.ipv6 ? (found >>> 8) + Ipv6Chain.FRAGMENT_HEADER : p.ipv4HeaderLength();
    if (found < 0 || p.network + header > p.end) {
      return false;
    }
    int id = p.ipv6 ? (int) p.u32(p.network + header - 4) : p.u16(p.network + Ipv4.ID);
    int scope = p.ipv6 ? linkScope(p) : p.u8(p.network + Ipv4.PROTOCOL);
    if (table.existing(p, user, id, scope) != null) {
      return true;
    }
    int end = p.fragmentOffset + p.length() - header;
    FragmentQueue q = table.lackingOnly(p, user, p.fragmentOffset, end, p.moreFragments);
    if (q == null || !p.ownSourceMac && p.ttl() != q.headTtl() - 1) {
      return false;
    }
    byte[] b = p.buffer;
    int at = p.network;
    if (p.ipv6) {
      Bytes.put16(b, at, q.headTos());
      PacketBuilder.ipv6Addresses(p, q.sourceHi, q.sourceLo, q.destinationHi, q.destinationLo);
      Bytes.put32(b, at + header - 4, q.id);
    } else {
      Bytes.put8(b, at + Ipv4.TOS, q.headTos());
      Bytes.put32(b, at + Ipv4.SOURCE, (int) q.sourceLo);
      Bytes.put32(b, at + Ipv4.DESTINATION, (int) q.destinationLo);
      Checksums.ipv4Header(b, at);
    }
    return true;
  }

  /** Gives up the queues whose time is over, in the order in which it ran out. */
  public void advance(long nowNs, Expired expired) {
    FragmentQueue q = table.nextExpiring();
    while (q != null && q.deadlineNs <= nowNs) {
      table.kill(q);
      if (q.firstIn) {
        q.first(first);
        expired.expired(first, q.user);
      }
      table.recycle(q);
      q = table.nextExpiring();
    }
  }

  private int in4(Packet p, int user, long nowNs) {
    int id = p.u16(p.network + Ipv4.ID);
    FragmentQueue q = table.find(p, user, id, p.u8(p.network + Ipv4.PROTOCOL), nowNs);
    if (q == null) {
      return drop("no memory for fragments");
    }
    if (table.isTooFar(q)) {
      table.restart(q, nowNs);
    }
    int header = p.ipv4HeaderLength();
    int word = p.u16(p.network + Ipv4.FRAGMENT);
    boolean more = (word & Ipv4.MF) != 0;
    int start = (word & Ipv4.OFFSET_MASK) * 8;
    int end = start + p.length() - header;
    end = more ? end & ~7 : end;
    if (!q.extend(end, more)) {
      return drop(q, "fragments with different ends");
    }
    if (end == start) {
      return drop(q, "empty fragment");
    }
    int inserted = q.insert(start, end, p.buffer, p.network + header);
    if (inserted == FragmentQueue.DUPLICATE) {
      return drop("duplicate fragment");
    }
    if (inserted == FragmentQueue.OVERLAP) {
      return drop(q, "overlapping fragment");
    }
    keep(q, p, start, header, Ipv4.PROTOCOL);
    int size = end - start + header & 0xffff;
    q.largest = Math.max(q.largest, size);
    if ((word & Ipv4.DF) != 0) {
      q.largestWithDf = Math.max(q.largestWithDf, size);
    }
    return q.isComplete() ? whole4(q, p) : HELD;
  }

  private int whole4(FragmentQueue q, Packet p) {
    table.kill(q);
    int length = q.headerLength + q.length;
    if (isBadEcn(q.ecn)) {
      return recycled(q, drop("fragments with contradicting ECN"));
    }
    if (length > MAX_WHOLE) {
      return recycled(q, drop("whole packet longer than 65535 bytes"));
    }
    q.assemble(p, q.headerLength);
    byte[] b = p.buffer;
    int at = p.network;
    Bytes.put16(b, at + Ipv4.TOTAL_LENGTH, length);
    Bytes.put8(b, at + Ipv4.TOS, p.u8(at + Ipv4.TOS) | congestion(q.ecn));
    p.largestFragment = q.largest;
    p.fragmentPmtu = q.largestWithDf == q.largest;
    p.ignoreDf = q.user != LOCAL_DELIVER;
    Bytes.put16(b, at + Ipv4.FRAGMENT, p.fragmentPmtu ? Ipv4.DF : 0);
    Checksums.ipv4Header(b, at);
    pullTcpHeader(p, q.headerLength + Tcp.MIN_LENGTH);
    return finish(q, p, q.headerLength);
  }

  /**
   * The routing decision's early demultiplexing (ip_rcv_finish_core, tcp_v4_early_demux) wants the
   * TCP header in one piece.
   */
  private static void pullTcpHeader(Packet p, int length) {
    boolean isTcp = p.u8(p.network + Ipv4.PROTOCOL) == Protocols.TCP;
    if (isTcp && !p.local && p.type == Packet.TO_HOST && length <= p.length()) {
      Fragmenter.ensureWritable(p, length);
    }
  }

  private int in6(Packet p, int user, long nowNs) {
    int payload = p.u16(p.network + Ipv6.PAYLOAD_LENGTH);
    int found = payload == 0 ? -1 : Ipv6Chain.fragmentHeader(p);
    if (found < 0) {
      return PASSED;
    }
    int header = found >>> 8;
    int at = p.network + header;
    boolean local = user == LOCAL_DELIVER;
    if (Ipv6Chain.isUpperHeaderTruncated(p, at)) {
      return local ? problem("first fragment without all headers", 3, 0) : PASSED;
    }
    if (at + Ipv6Chain.FRAGMENT_HEADER > p.end) {
      return drop("fragment header cut off");
    }
    FragmentQueue q = table.find(p, user, (int) p.u32(at + 4), linkScope(p), nowNs);
    if (q == null) {
      return drop("no memory for fragments");
    }
    header += Ipv6Chain.FRAGMENT_HEADER;
    int word = p.u16(at + 2);
    boolean more = (word & 1) != 0;
    int start = word & ~7;
    int end = start + Ipv6.LENGTH + payload - header;
    if (end > MAX_WHOLE) {
      String reason = "fragment beyond 65535 bytes";
      return local ? problem(reason, 0, at + 2 - p.network) : drop(reason);
    }
    if (more && (end & 7) != 0) {
      if (local) {
        return problem("fragment of odd length", 0, Ipv6.PAYLOAD_LENGTH);
      }
      table.kill(q);
      return recycled(q, PASSED);
    }
    // For connection tracking, contradicting ends and empty fragments leave the queue alone.
    if (!q.extend(end, more)) {
      String reason = "fragments with different ends";
      return local ? drop(q, reason) : drop(reason);
    }
    if (end == start) {
      return local ? drop(q, "empty fragment") : drop("empty fragment");
    }
    int inserted = q.insert(start, end, p.buffer, p.network + header);
    if (inserted == FragmentQueue.DUPLICATE) {
      return drop("duplicate fragment");
    }
    if (inserted == FragmentQueue.OVERLAP) {
      return drop(q, "overlapping fragment");
    }
    keep(q, p, start, header, found & 0xff);
    q.largest = Math.max(q.largest, payload);
    return q.isComplete() ? whole6(q, p) : HELD;
  }

  private int whole6(FragmentQueue q, Packet p) {
    table.kill(q);
    int kept = q.headerLength - Ipv6Chain.FRAGMENT_HEADER;
    int payload = kept - Ipv6.LENGTH + q.length;
    if (isBadEcn(q.ecn)) {
      return recycled(q, drop("fragments with contradicting ECN"));
    }
    if (payload > MAX_WHOLE) {
      return recycled(q, drop("whole packet longer than 65535 bytes"));
    }
    q.assemble(p, kept);
    Bytes.put8(p.buffer, p.network + q.nextHeaderAt, q.nextHeader());
    Bytes.put16(p.buffer, p.network + Ipv6.PAYLOAD_LENGTH, payload);
    int first = p.u16(p.network) | congestion(q.ecn) << 4;
    Bytes.put16(p.buffer, p.network, first);
    p.largestFragment = Ipv6.LENGTH + q.largest;
    p.fragmentPmtu = false;
    p.ignoreDf = true;
    int header = (int) (Ipv6Chain.unfragmentable(p) >> 32);
    return finish(q, p, header + Ipv6Chain.FRAGMENT_HEADER);
  }

  /** {@code header}: length of the headers that cutting the packet again would repeat. */
  private int finish(FragmentQueue q, Packet p, int header) {
    int room = settings.headroom + LINK_HEADER + q.shortestHeader;
    if (q.shortestHeader < Integer.MAX_VALUE && room < header + LINK_RESERVED) {
      p.fragmentCount = 0;
    }
    return recycled(q, WHOLE);
  }

  /** Bookkeeping for a fragment whose payload the queue has taken. */
  private void keep(FragmentQueue q, Packet p, int start, int header, int nextHeaderAt) {
    q.in = p.in;
    q.ecn |= 1 << (p.tos() & 3);
    table.charge(q, p.end - (p.mac >= 0 ? p.mac : p.network));
    if (start == 0) {
      q.keepHead(p, header, nextHeaderAt);
    } else {
      q.shortestHeader = Math.min(q.shortestHeader, header);
    }
  }

  private static boolean isBadEcn(int seen) {
    return (seen & 1) != 0 && seen != 1;
  }

  /** CE where a fragment had it and others ECT (RFC 3168 section 5.3). */
  private static int congestion(int seen) {
    return (seen & 8) != 0 && seen != 8 ? 3 : 0;
  }

  /** The interface, where destination addresses mean something else on each link; otherwise 0. */
  private static int linkScope(Packet p) {
    long hi = p.destinationHi();
    return hi >>> 56 == 0xff || hi >>> 54 == 0xfe80 >>> 6 ? p.in + 1 : 0;
  }

  private int recycled(FragmentQueue q, int result) {
    table.recycle(q);
    return result;
  }

  private int drop(FragmentQueue q, String reason) {
    table.kill(q);
    table.recycle(q);
    return drop(reason);
  }

  private int problem(String reason, int code, int pointer) {
    drop(reason);
    problemCode = code;
    problemPointer = pointer;
    return DROPPED;
  }

  private int drop(String reason) {
    problemCode = -1;
    dropReason = reason;
    return DROPPED;
  }
}
