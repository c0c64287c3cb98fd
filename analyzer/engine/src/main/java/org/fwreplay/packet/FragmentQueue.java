package org.fwreplay.packet;

import java.util.Arrays;

/**
 * The fragments of one datagram that have arrived so far (net/ipv4/inet_fragment.c). Payloads are
 * kept in the order of arrival, so that a queue costs what it holds; two sorted arrays tell where
 * they belong.
 *
 * <p>A <i>run</i> is what the kernel calls so: fragments that arrived one after the other at the
 * end. Whether a repeated fragment counts as a duplicate or as an overlap depends on runs: it must
 * lie within one.
 */
final class FragmentQueue {
  static final int INSERTED = 0;
  static final int DUPLICATE = 1;
  static final int OVERLAP = 2;

  boolean ipv6;
  long sourceHi;
  long sourceLo;
  long destinationHi;
  long destinationLo;
  int id;
  int user;

  /** IPv4: the protocol. IPv6: the interface, where the destination's scope is the link. */
  int scope;

  /** Next in the hash chain, or in the pool. */
  FragmentQueue chained;

  FragmentQueue older;
  FragmentQueue newer;
  long deadlineNs;
  FragmentPeers.Peer peer;
  int distance;

  boolean firstIn;
  boolean lastIn;

  /** Payload length of the whole as far as it is known. */
  int length;

  int held;
  int largest;
  int largestWithDf;

  /** One bit for each ECN codepoint seen. */
  int ecn;

  int in;
  long memory;

  private byte[] bytes = new byte[2048];
  private int[] starts = new int[8];
  private int[] positions = new int[8];
  private int[] sizes = new int[8];
  private int[] runStarts = new int[4];
  private int[] runEnds = new int[4];
  private int runs;
  private int count;

  private byte[] header = new byte[128];

  /** Bytes before the IP header in {@link #header}; -1 where the frame had none. */
  private int linkLength;

  /** Bytes from the IP header up to the payload, an IPv6 fragment header included. */
  int headerLength;

  /** Shortest header of the fragments after the first. */
  int shortestHeader;

  int nextHeaderAt;
  private int mark;
  private int type;
  private boolean local;
  private Tracked tracked;
  private int trackInfo;
  private long frame;

  /** Index of the family: 0 for IPv4, 1 for IPv6. */
  int family() {
    return ipv6 ? 1 : 0;
  }

  /** Forgets the fragments, not the sizes seen: the kernel's ip_frag_reinit leaves those, too. */
  void flush() {
    firstIn = false;
    lastIn = false;
    length = 0;
    held = 0;
    ecn = 0;
    in = 0;
    memory = 0;
    runs = 0;
    count = 0;
    tracked = null;
    shortestHeader = Integer.MAX_VALUE;
  }

  /**
   * Takes the end of a fragment into account.
   *
   * @return false where the ends contradict each other
   */
  boolean extend(int end, boolean more) {
    if (!more) {
      if (end < length || lastIn && end != length) {
        return false;
      }
      lastIn = true;
      length = end;
    } else if (end > length) {
      if (lastIn) {
        return false;
      }
      length = end;
    }
    return true;
  }

  /** Keeps the payload {@code [start, end)} of the whole that lies at {@code at}. */
  int insert(int start, int end, byte[] from, int at) {
    int lastEnd = runs == 0 ? -1 : runEnds[runs - 1];
    if (end > lastEnd) {
      if (start < lastEnd) {
        return OVERLAP;
      }
      if (start == lastEnd) {
        runEnds[runs - 1] = end;
      } else {
        insertRun(runs, start, end);
      }
    } else {
      int i = Arrays.binarySearch(runEnds, 0, runs, start + 1);
      i = i < 0 ? -i - 1 : i;
      if (runStarts[i] < end) {
        return runStarts[i] <= start && end <= runEnds[i] ? DUPLICATE : OVERLAP;
      }
      insertRun(i, start, end);
    }
    store(start, end - start, from, at);
    return INSERTED;
  }

  private void insertRun(int i, int start, int end) {
    if (runs == runStarts.length) {
      runStarts = Arrays.copyOf(runStarts, runs * 2);
      runEnds = Arrays.copyOf(runEnds, runs * 2);
    }
    System.arraycopy(runStarts, i, runStarts, i + 1, runs - i);
    System.arraycopy(runEnds, i, runEnds, i + 1, runs - i);
    runStarts[i] = start;
    runEnds[i] = end;
    runs++;
  }

  private void store(int start, int size, byte[] from, int at) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      positions = Arrays.copyOf(positions, count * 2);
      sizes = Arrays.copyOf(sizes, count * 2);
    }
    int i = -Arrays.binarySearch(starts, 0, count, start) - 1;
    System.arraycopy(starts, i, starts, i + 1, count - i);
    System.arraycopy(positions, i, positions, i + 1, count - i);
    System.arraycopy(sizes, i, sizes, i + 1, count - i);
    starts[i] = start;
    positions[i] = held;
    sizes[i] = size;
    count++;
    if (held + size > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, held + size));
    }
    System.arraycopy(from, at, bytes, held, size);
    held += size;
  }

  boolean isComplete() {
    return firstIn && lastIn && held == length;
  }

  /** Whether the fragment {@code [start, end)} is the only one that is missing. */
  boolean lacksOnly(int start, int end, boolean more) {
    if (!firstIn || start == 0 || (more ? !lastIn : lastIn)) {
      return false;
    }
    return held + end - start == (more ? length : end);
  }

  /** The first fragment's IPv4 TOS byte, or the first two bytes of its IPv6 header. */
  int headTos() {
    int at = Math.max(linkLength, 0);
    return ipv6 ? Bytes.u16(header, at) : header[at + Ipv4.TOS] & 0xff;
  }

  /** The first fragment's TTL or hop limit. */
  int headTtl() {
    int at = Math.max(linkLength, 0);
    return header[at + (ipv6 ? Ipv6.HOP_LIMIT : Ipv4.TTL)] & 0xff;
  }

  /** Keeps what the whole takes from its first fragment: headers and metadata. */
  void keepHead(Packet p, int headerLength, int nextHeaderAt) {
    int link = p.mac >= 0 ? p.network - p.mac : 0;
    linkLength = p.mac >= 0 && link <= Packet.HEADROOM ? link : -1;
    int from = p.network - Math.max(linkLength, 0);
    int size = p.network + headerLength - from;
    if (size > header.length) {
      header = new byte[size];
    }
    System.arraycopy(p.buffer, from, header, 0, size);
    this.headerLength = headerLength;
    this.nextHeaderAt = nextHeaderAt;
    mark = p.mark;
    type = p.type;
    local = p.local;
    tracked = p.tracked;
    trackInfo = p.trackInfo;
    frame = p.frame;
    firstIn = true;
  }

  /**
   * Puts the whole into the packet's own buffer: {@code kept} bytes of the first fragment's headers
   * and every payload. Mark, packet type, link header and connection are the first fragment's;
   * time, frame, interfaces and route stay those of the fragment that completed it.
   */
  void assemble(Packet p, int kept) {
    headers(p, kept);
    byte[] to = p.buffer;
    int at = p.network + kept;
    p.transport = at;
    for (int i = 0; i < count; i++) {
      int size = sizes[i];
      System.arraycopy(bytes, positions[i], to, at, size);
      p.fragmentSizes[i] = size;
      at += size;
    }
    p.end = at;
    p.fragmentCount = count;
    p.fragmentOffset = 0;
    p.moreFragments = false;
  }

  /** Makes {@code p} the first fragment again, at the time when the queue gave up. */
  void first(Packet p) {
    p.reset();
    headers(p, headerLength);
    int size = sizes[0];
    System.arraycopy(bytes, positions[0], p.buffer, p.network + headerLength, size);
    p.transport = p.network + headerLength;
    p.end = p.transport + size;
    p.in = in;
    p.timeNs = deadlineNs;
    p.frame = frame;
    p.fragmentOffset = 0;
    p.moreFragments = true;
  }

  /** The next-header field of an IPv6 first fragment's fragment header. */
  int nextHeader() {
    return header[Math.max(linkLength, 0) + headerLength - 8] & 0xff;
  }

  private void headers(Packet p, int kept) {
    byte[] to = p.ownBuffer();
    int link = Math.max(linkLength, 0);
    System.arraycopy(header, 0, to, Packet.HEADROOM - link, link + kept);
    p.buffer = to;
    p.ipv6 = ipv6;
    p.network = Packet.HEADROOM;
    p.mac = linkLength < 0 ? -1 : Packet.HEADROOM - linkLength;
    p.mark = mark;
    p.type = type;
    p.local = local;
    p.tracked = tracked;
    p.trackInfo = trackInfo;
    p.protocol = ipv6 ? nextHeader() : scope;
    p.checksumVerified = false;
  }
}
