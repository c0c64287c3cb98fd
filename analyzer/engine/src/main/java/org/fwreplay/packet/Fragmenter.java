package org.fwreplay.packet;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Cuts packets that are too long for their way out (net/ipv4/ip_output.c ip_fragment,
 * net/ipv6/ip6_output.c ip6_fragment). A packet that was put together from fragments is cut where
 * its sender cut it, if that still fits and {@link Packet#fragmentCount} still tells where;
 * otherwise into pieces as long as possible, but not longer than the longest that arrived.
 */
public final class Fragmenter {
  /** Every piece was handed over. */
  public static final int SENT = 0;

  /**
   * Must not be cut: ICMP fragmentation needed, or ICMPv6 packet too big, with {@link #tooBigMtu}
   * goes to the sender.
   */
  public static final int TOO_BIG = 1;

  /** Cannot be cut; nobody is told. */
  public static final int DROPPED = 2;

  private static final int MIN_MTU_V6 = 1280;

  private final Packet piece = new Packet();
  private final SplittableRandom ids;
  private int tooBigMtu;

  /**
   * @param seed of the identifications in IPv6 fragment headers, which the kernel draws at random
   */
  public Fragmenter(long seed) {
    ids = new SplittableRandom(seed);
  }

  /**
   * Whether a packet on its way out is to be cut (ip_finish_output, ip6_finish_output).
   *
   * @param mtu of the route, in bytes
   */
  public static boolean needed(Packet p, int mtu) {
    int length = p.length();
    int largest = p.largestFragment;
    return length > mtu || largest != 0 && (!p.ipv6 || length > largest);
  }

  /**
   * Whether a packet must not be forwarded over a route with this MTU: ICMP 3/4 or ICMPv6 packet
   * too big goes to its sender, with {@link #forwardMtu} (ip_exceeds_mtu, ip6_pkt_too_big). This
   * comes before the FORWARD hook.
   */
  public static boolean isTooBigToForward(Packet p, int mtu) {
    int limit = forwardMtu(p, mtu);
    if (p.length() <= limit) {
      return false;
    }
    if (!p.ipv6 && (p.u16(p.network + Ipv4.FRAGMENT) & Ipv4.DF) == 0) {
      return false;
    }
    return p.largestFragment > limit || !p.ignoreDf;
  }

  /** The MTU that forwarding goes by: IPv6 never below 1280. */
  public static int forwardMtu(Packet p, int mtu) {
    return p.ipv6 ? Math.max(mtu, MIN_MTU_V6) : mtu;
  }

  /**
   * The kernel made the first {@code length} bytes from the IP header lie together, so that they
   * can be written (skb_ensure_writable): bytes move from later fragments to the first. Whoever
   * changes a packet that was put together calls this, {@link Packet#length()} for all of it; most
   * often nothing happens, because the headers are in the first fragment.
   */
  public static void ensureWritable(Packet p, int length) {
    if (p.fragmentCount == 0) {
      return;
    }
    int[] sizes = p.fragmentSizes;
    int later = 0;
    for (int i = 1; i < p.fragmentCount; i++) {
      later += sizes[i];
    }
    int missing = length - (p.length() - later);
    if (missing <= 0) {
      return;
    }
    sizes[0] += missing;
    int i = 1;
    while (i < p.fragmentCount && missing >= sizes[i]) {
      missing -= sizes[i];
      i++;
    }
    int left = p.fragmentCount - i;
    System.arraycopy(sizes, i, sizes, 1, left);
    p.fragmentCount = left + 1;
    if (left > 0) {
      sizes[1] -= missing;
    }
  }

  /** The MTU that the ICMP error after {@link #TOO_BIG} tells. */
  public int tooBigMtu() {
    return tooBigMtu;
  }

  /**
   * Cuts a packet.
   *
   * @param mtu of the route, in bytes
   * @param out gets each piece in order, as a packet that is valid during the call
   * @return {@link #SENT}, {@link #TOO_BIG} or {@link #DROPPED}
   */
  public int fragment(Packet p, int mtu, Consumer<Packet> out) {
    tooBigMtu = mtu;
    return p.ipv6 ? ipv6(p, mtu, out) : ipv4(p, mtu, out);
  }

  private int ipv4(Packet p, int mtu, Consumer<Packet> out) {
    int word = p.u16(p.network + Ipv4.FRAGMENT);
    if ((word & Ipv4.DF) != 0 && (!p.ignoreDf || p.largestFragment > mtu)) {
      return TOO_BIG;
    }
    int header = p.ipv4HeaderLength();
    int limit = p.largestFragment == 0 ? mtu : Math.min(mtu, p.largestFragment);
    if (limit < header + 8) {
      return DROPPED;
    }
    boolean isFragment = (word & (Ipv4.MF | Ipv4.OFFSET_MASK)) != 0;
    boolean kept = !isFragment && isGeometryKept(p, header, limit - header);
    int start = (word & Ipv4.OFFSET_MASK) * 8;
    int flags = !kept && p.fragmentPmtu ? Ipv4.DF : 0;
    int left = p.length() - header;
    int done = 0;
    for (int i = 0; left > 0; i++) {
      int size = kept ? keptSize(p, i, header) : cut(left, limit - header);
      left -= size;
      boolean more = left > 0 || (word & Ipv4.MF) != 0;
      begin(p, header, header, done, size);
      int offset = start + done;
      if (start == 0 && done > 0) {
        dropUncopiedOptions(piece.buffer, piece.network, header);
      }
      Bytes.put16(piece.buffer, piece.network + Ipv4.TOTAL_LENGTH, header + size);
      Bytes.put16(
          piece.buffer, piece.network + Ipv4.FRAGMENT, offset >> 3 | flags | (more ? Ipv4.MF : 0));
      Checksums.ipv4Header(piece.buffer, piece.network);
      piece.fragmentOffset = offset;
      piece.moreFragments = more;
      out.accept(piece);
      done += size;
    }
    return SENT;
  }

  private int ipv6(Packet p, int mtu, Consumer<Packet> out) {
    long chain = Ipv6Chain.unfragmentable(p);
    if (chain < 0) {
      return DROPPED;
    }
    int header = (int) (chain >>> 32);
    int nextHeaderAt = (int) chain;
    if (!p.ignoreDf && p.length() > mtu || p.largestFragment > mtu) {
      return TOO_BIG;
    }
    int limit = p.largestFragment == 0 ? mtu : Math.max(p.largestFragment, MIN_MTU_V6);
    if (limit < header + Ipv6Chain.FRAGMENT_HEADER + 8) {
      tooBigMtu = limit;
      return TOO_BIG;
    }
    int room = limit - header - Ipv6Chain.FRAGMENT_HEADER;
    int next = p.u8(p.network + nextHeaderAt);
    int id = ids.nextInt();
    while (id == 0) {
      id = ids.nextInt();
    }
    boolean kept = isGeometryKept(p, header, room);
    int left = p.length() - header;
    int done = 0;
    for (int i = 0; left > 0; i++) {
      int size = kept ? keptSize(p, i, header) : cut(left, room);
      left -= size;
      begin(p, header, header + Ipv6Chain.FRAGMENT_HEADER, done, size);
      byte[] b = piece.buffer;
      int at = piece.network + header;
      Bytes.put8(b, piece.network + nextHeaderAt, Protocols.FRAGMENT);
      Bytes.put8(b, at, next);
      Bytes.put8(b, at + 1, 0);
      Bytes.put16(b, at + 2, done | (left > 0 ? 1 : 0));
      Bytes.put32(b, at + 4, id);
      Bytes.put16(b, piece.network + Ipv6.PAYLOAD_LENGTH, piece.length() - Ipv6.LENGTH);
      piece.fragmentOffset = done;
      piece.moreFragments = left > 0;
      out.accept(piece);
      done += size;
    }
    return SENT;
  }

  private static int cut(int left, int room) {
    return left <= room ? left : room & ~7;
  }

  /** Whether the payload sizes that the packet arrived in still fit. */
  private static boolean isGeometryKept(Packet p, int header, int room) {
    int count = p.fragmentCount;
    if (count < 2) {
      return false;
    }
    int first = keptSize(p, 0, header);
    boolean fits = first >= 0 && first <= room && (first & 7) == 0;
    for (int i = 1; fits && i < count; i++) {
      int size = p.fragmentSizes[i];
      fits = size <= room && (i == count - 1 || (size & 7) == 0);
    }
    return fits;
  }

  /** The first fragment's payload is what the later ones leave: its headers may have changed. */
  private static int keptSize(Packet p, int i, int header) {
    if (i > 0) {
      return p.fragmentSizes[i];
    }
    int size = p.length() - header;
    for (int j = 1; j < p.fragmentCount; j++) {
      size -= p.fragmentSizes[j];
    }
    return size;
  }

  /** Starts a piece: metadata, the packet's headers, and payload with room for more headers. */
  private void begin(Packet p, int header, int headers, int from, int size) {
    int end = p.end;
    int count = p.fragmentCount;
    p.end = p.network + header;
    p.fragmentCount = 0;
    piece.copyFrom(p);
    p.end = end;
    p.fragmentCount = count;
    piece.largestFragment = 0;
    piece.fragmentPmtu = false;
    piece.ignoreDf = false;
    piece.transport = piece.network + headers;
    piece.end = piece.transport + size;
    System.arraycopy(p.buffer, p.network + header + from, piece.buffer, piece.transport, size);
  }

  /** Options without the copied flag belong to the first fragment only (ip_options_fragment). */
  private static void dropUncopiedOptions(byte[] b, int network, int header) {
    int at = network + Ipv4.MIN_LENGTH;
    int end = network + header;
    while (at < end && b[at] != 0) {
      if (b[at] == 1) {
        at++;
        continue;
      }
      int length = at + 1 < end ? b[at + 1] & 0xff : 0;
      if (length < 2 || at + length > end) {
        return;
      }
      if (b[at] >= 0) {
        Arrays.fill(b, at, at + length, (byte) 1);
      }
      at += length;
    }
  }
}
