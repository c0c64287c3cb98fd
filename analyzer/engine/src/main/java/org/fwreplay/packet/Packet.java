package org.fwreplay.packet;

/**
 * One packet on its way through the hooks: the kernel's {@code sk_buff}, reused from packet to
 * packet.
 *
 * <p>The bytes lie in {@link #buffer}: the Ethernet header at {@link #mac} (or -1), the IP header
 * at {@link #network}, the packet's end at {@link #end}. The buffer is either the capture reader's
 * (rewritten in place) or, once the packet must grow or outlive the reader's record, the packet's
 * own. {@link Decoder} checks the lengths once; reads inside {@code [network, end)} that it vouches
 * for need no further check. Everything else must be held against {@link #end}.
 */
public final class Packet {
  /** Room before the IP header of an own buffer: link header, growth. */
  public static final int HEADROOM = 256;

  private static final int OWN_SIZE = HEADROOM + 65_535 + 512;

  /** Frame was sent to this host's own link address ({@code PACKET_HOST}). */
  public static final int TO_HOST = 0;

  public static final int BROADCAST = 1;
  public static final int MULTICAST = 2;

  /** To somebody else's link address: dropped before PREROUTING. */
  public static final int OTHER_HOST = 3;

  /** Looped back by this host ({@code PACKET_LOOPBACK}). */
  public static final int LOOPBACK = 5;

  public byte[] buffer;
  public int mac;
  public int network;
  public int end;
  public boolean ipv6;

  /** Absolute offset of the transport header; for a later fragment that of its payload. */
  public int transport;

  /** IPv4 protocol, or IPv6's last next header; -1 where IPv6's header chain is broken. */
  public int protocol;

  /** Offset of this fragment in the whole, in bytes; 0 for a first fragment or a whole packet. */
  public int fragmentOffset;

  public boolean moreFragments;

  /** Interface ids of the host model; -1 for none. */
  public int in = -1;

  public int out = -1;

  /** Whether a rule that cannot be decided was met: what became of the packet hangs on it. */
  public boolean undecided;

  /** Whether every rule that the packet hits is logged ({@code skb->nf_trace}). */
  public boolean traced;

  /** Whether TPROXY gave the packet to a socket of this host ({@code skb->sk}). */
  public boolean hasSocket;

  /**
   * Whether TEE made the packet; Linux takes it for one that came by the interface it leaves by.
   */
  public boolean duplicate;

  /** Whether it came back from a divert socket: it is not diverted again. */
  public boolean diverted;

  /** {@code PACKET_HOST} and so on: what the link-layer destination was. */
  public int type;

  /** Whether the frame's source MAC is this host's own though the frame arrives. */
  public boolean ownSourceMac;

  public int mark;
  public long timeNs;

  /** Number of the frame that caused this packet, from 0. */
  public long frame;

  /** {@link #sender}: a program's socket. */
  public static final int PROGRAM = 0;

  /** {@link #sender}: a socket of the kernel's own, which belongs to nobody. */
  public static final int KERNEL_SOCKET = 1;

  /** {@link #sender}: no socket at all. */
  public static final int NO_SOCKET = 2;

  /** What sent it, where it is {@link #local}. */
  public int sender;

  /** Whether this host made the packet. */
  public boolean local;

  /** Connection of this packet, or null; see {@link #trackInfo}. */
  public Tracked tracked;

  /** {@code enum ip_conntrack_info}. */
  public int trackInfo;

  /**
   * Offset in the header up to which the IPv4 options were looked at on arrival and are sound; 0
   * for none.
   */
  public int optionsEnd;

  /** Size of the largest fragment this packet was put together from; 0 if it came whole. */
  public int largestFragment;

  /** The kernel's {@code IPSKB_FRAG_PMTU}: DF is set on what is fragmented again. */
  public boolean fragmentPmtu;

  /** Whether the packet may be fragmented again though DF is set ({@code skb->ignore_df}). */
  public boolean ignoreDf;

  /** Payload sizes of the fragments this packet was put together from. */
  public final int[] fragmentSizes = new int[8192];

  public int fragmentCount;

  /** Set where IPv4's header checksum was found good before. */
  public boolean headerVerified;

  /** Set once the transport checksum was found good, so that it is not summed twice. */
  public boolean checksumVerified;

  /**
   * Set once the payload was rewritten: the checksum is summed later ({@code CHECKSUM_PARTIAL}).
   */
  public boolean checksumPartial;

  /** Next hop, as the routing decision left it; valid after routing. */
  public long nextHopHi;

  public long nextHopLo;

  /** Whether the next hop is an IPv6 address. */
  public boolean nextHopSix;

  public int routeMtu;

  /** Realms of the packet's route, IPv4: from in the upper 16 bits, to in the lower. */
  public int realms;

  /** {@link #linkAddress} before anybody has asked for it. */
  public static final long LINK_ADDRESS_UNKNOWN = Long.MIN_VALUE;

  /** Link-layer destination of the next hop, as the host model answers; valid after routing. */
  public long linkAddress = LINK_ADDRESS_UNKNOWN;

  /** Set once the packet was routed to this host ({@code RTCF_LOCAL}). */
  public boolean routedLocal;

  /** Set once the packet was routed as a broadcast or multicast. */
  public boolean routedToAll;

  /**
   * Where those who observe a run may keep something with the packet's flow; null unless it takes
   * the way that others of its flow took.
   */
  public FlowMemo memo;

  private byte[] own;

  /** The number of bytes of the packet from its IP header: {@code skb->len}. */
  public int length() {
    return end - network;
  }

  /** Unsigned 8 bits at an absolute offset. */
  public int u8(int at) {
    return buffer[at] & 0xff;
  }

  /** Unsigned 16 bits, network order, at an absolute offset. */
  public int u16(int at) {
    return Bytes.u16(buffer, at);
  }

  /** Unsigned 32 bits, network order, at an absolute offset. */
  public long u32(int at) {
    return Bytes.u32(buffer, at);
  }

  /** Whether {@code count} bytes from {@code at} lie inside the packet. */
  public boolean has(int at, int count) {
    return at >= network && at + count <= end;
  }

  /** High half of the source address; 0 for IPv4. */
  public long sourceHi() {
    return ipv6 ? Bytes.i64(buffer, network + Ipv6.SOURCE) : 0;
  }

  /** Low half of the source address; the 32 bits of an IPv4 address. */
  public long sourceLo() {
    return ipv6
        ? Bytes.i64(buffer, network + Ipv6.SOURCE + 8)
        : Bytes.u32(buffer, network + Ipv4.SOURCE);
  }

  /** High half of the destination address; 0 for IPv4. */
  public long destinationHi() {
    return ipv6 ? Bytes.i64(buffer, network + Ipv6.DESTINATION) : 0;
  }

  /** Low half of the destination address; the 32 bits of an IPv4 address. */
  public long destinationLo() {
    return ipv6
        ? Bytes.i64(buffer, network + Ipv6.DESTINATION + 8)
        : Bytes.u32(buffer, network + Ipv4.DESTINATION);
  }

  /** IPv4's TOS byte or IPv6's traffic class. */
  public int tos() {
    return ipv6 ? u16(network) >> 4 & 0xff : u8(network + Ipv4.TOS);
  }

  /** Sets IPv4's TOS byte (checksum updated) or IPv6's traffic class. */
  public void setTos(int tos) {
    if (ipv6) {
      Bytes.put16(buffer, network, u16(network) & 0xf00f | tos << 4);
    } else {
      setIpv4Word(network, u16(network) & 0xff00 | tos);
    }
  }

  /** IPv4's TTL or IPv6's hop limit. */
  public int ttl() {
    return u8(network + (ipv6 ? Ipv6.HOP_LIMIT : Ipv4.TTL));
  }

  /** Sets IPv4's TTL (checksum updated) or IPv6's hop limit. */
  public void setTtl(int ttl) {
    if (ipv6) {
      Bytes.put8(buffer, network + Ipv6.HOP_LIMIT, ttl);
    } else {
      setIpv4Word(network + Ipv4.TTL, u16(network + Ipv4.TTL) & 0xff | ttl << 8);
    }
  }

  /** Changes an aligned 16-bit word of the IPv4 header and updates the header checksum. */
  public void setIpv4Word(int at, int value) {
    int before = u16(at);
    if (before == value) {
      return;
    }
    Bytes.put16(buffer, at, value);
    int sum = network + Ipv4.CHECKSUM;
    Bytes.put16(buffer, sum, Checksums.update16(u16(sum), before, value));
  }

  /** Length of the IPv4 header with its options, in bytes. */
  public int ipv4HeaderLength() {
    return (buffer[network] & 15) * 4;
  }

  /** Whether this is a fragment other than the first. */
  public boolean isLaterFragment() {
    return fragmentOffset != 0;
  }

  /** Whether this is any fragment. */
  public boolean isFragment() {
    return fragmentOffset != 0 || moreFragments;
  }

  /** Forgets everything about the packet before: the first step for each frame. */
  public void reset() {
    mac = -1;
    in = -1;
    out = -1;
    type = TO_HOST;
    ownSourceMac = false;
    undecided = false;
    traced = false;
    hasSocket = false;
    duplicate = false;
    diverted = false;
    mark = 0;
    local = false;
    sender = PROGRAM;
    tracked = null;
    trackInfo = 0;
    largestFragment = 0;
    fragmentPmtu = false;
    ignoreDf = false;
    fragmentCount = 0;
    headerVerified = false;
    checksumVerified = false;
    checksumPartial = false;
    routedLocal = false;
    routedToAll = false;
    routeMtu = 0;
    realms = 0;
    optionsEnd = 0;
    linkAddress = LINK_ADDRESS_UNKNOWN;
    memo = null;
  }

  /** The packet's own buffer, {@link #HEADROOM} bytes before where its IP header is to be put. */
  public byte[] ownBuffer() {
    if (own == null) {
      own = new byte[OWN_SIZE];
    }
    return own;
  }

  /** Whether the packet lies in its own buffer. */
  public boolean isOwn() {
    return buffer == own && own != null;
  }

  /** Moves the packet into its own buffer, link header first, so that it can grow and stay. */
  public void makeOwn() {
    if (isOwn()) {
      return;
    }
    byte[] to = ownBuffer();
    int start = mac >= 0 ? mac : network;
    int shift = HEADROOM - network;
    System.arraycopy(buffer, start, to, start + shift, end - start);
    buffer = to;
    network += shift;
    transport += shift;
    end += shift;
    if (mac >= 0) {
      mac += shift;
    }
  }

  /** Makes this a copy of another packet, in its own buffer, with the same metadata. */
  public void copyFrom(Packet other) {
    reset();
    byte[] to = ownBuffer();
    int start = other.mac >= 0 ? other.mac : other.network;
    int shift = HEADROOM - other.network;
    System.arraycopy(other.buffer, start, to, start + shift, other.end - start);
    buffer = to;
    network = HEADROOM;
    end = other.end + shift;
    mac = other.mac >= 0 ? other.mac + shift : -1;
    transport = other.transport + shift;
    ipv6 = other.ipv6;
    protocol = other.protocol;
    fragmentOffset = other.fragmentOffset;
    moreFragments = other.moreFragments;
    in = other.in;
    out = other.out;
    type = other.type;
    mark = other.mark;
    undecided = other.undecided;
    traced = other.traced;
    hasSocket = other.hasSocket;
    duplicate = other.duplicate;
    diverted = other.diverted;
    timeNs = other.timeNs;
    frame = other.frame;
    local = other.local;
    sender = other.sender;
    tracked = other.tracked;
    trackInfo = other.trackInfo;
    largestFragment = other.largestFragment;
    fragmentPmtu = other.fragmentPmtu;
    ignoreDf = other.ignoreDf;
    optionsEnd = other.optionsEnd;
    fragmentCount = other.fragmentCount;
    System.arraycopy(other.fragmentSizes, 0, fragmentSizes, 0, fragmentCount);
    nextHopHi = other.nextHopHi;
    nextHopLo = other.nextHopLo;
    nextHopSix = other.nextHopSix;
    linkAddress = other.linkAddress;
    routeMtu = other.routeMtu;
    realms = other.realms;
    routedLocal = other.routedLocal;
    routedToAll = other.routedToAll;
    checksumVerified = other.checksumVerified;
    checksumPartial = other.checksumPartial;
  }
}
