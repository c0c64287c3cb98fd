package org.fwreplay.hook;

import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;

/**
 * IPv4 header options (RFC 791): checked and filled in on arrival (ip_options_compile), filled in
 * again when forwarded (ip_forward_options).
 */
final class Ipv4Options {
  private static final int END = 0;
  private static final int NOP = 1;
  private static final int RECORD_ROUTE = 7;
  private static final int TIMESTAMP = 68;
  private static final int LOOSE_SOURCE_ROUTE = 131;
  private static final int STRICT_SOURCE_ROUTE = 137;
  private static final int ROUTER_ALERT = 148;

  private static final int TS_ONLY = 0;
  private static final int TS_AND_ADDRESS = 1;
  private static final int TS_PRESPECIFIED = 3;

  private static final long MILLIS_A_DAY = 86_400_000L;

  private Ipv4Options() {}

  /** What was found; the offsets are absolute, 0 for none. */
  static final class Found {
    int recordRoute;
    int timestamp;
    boolean sourceRoute;
    boolean addressNeeded;

    /**
     * Whether anything was written; the header checksum is made anew only when the packet is
     * forwarded, as in the kernel: what an ICMP error quotes before shows the old one.
     */
    boolean changed;

    private void clear() {
      recordRoute = 0;
      timestamp = 0;
      sourceRoute = false;
      addressNeeded = false;
      changed = false;
    }
  }

  /**
   * Checks the options of an arriving packet and writes this host's address and time where they ask
   * for it.
   *
   * @param own the address that answers for this host to the packet's sender ({@code spec_dst})
   * @return 0, or the offset in the header of what is wrong (an ICMP parameter problem points
   *     there)
   */
  static int receive(Packet p, long own, Found found) {
    found.clear();
    int at = p.network + Ipv4.MIN_LENGTH;
    int end = p.network + p.ipv4HeaderLength();
    while (at < end) {
      int kind = p.u8(at);
      if (kind == END) {
        clearRest(p, at, end, found);
        break;
      }
      if (kind == NOP) {
        at++;
        continue;
      }
      if (end - at < 2) {
        return at - p.network;
      }
      int length = p.u8(at + 1);
      if (length < 2 || length > end - at) {
        return at - p.network;
      }
      int wrong = 0;
      switch (kind) {
        case LOOSE_SOURCE_ROUTE, STRICT_SOURCE_ROUTE:
          wrong = sourceRoute(p, at, length, found);
          break;
        case RECORD_ROUTE:
          wrong = recordRoute(p, at, length, own, found);
          found.changed |= found.addressNeeded;
          break;
        case TIMESTAMP:
          wrong = timestamp(p, at, length, own, found);
          found.changed = true;
          break;
        case ROUTER_ALERT:
          wrong = length < 4 ? at + 1 : 0;
          break;
        default:
          break;
      }
      if (wrong != 0) {
        return wrong - p.network;
      }
      at += length;
    }
    return 0;
  }

  private static void clearRest(Packet p, int from, int end, Found found) {
    for (int i = from + 1; i < end; i++) {
      if (p.buffer[i] != END) {
        p.buffer[i] = END;
        found.changed = true;
      }
    }
  }

  private static int sourceRoute(Packet p, int at, int length, Found found) {
    if (length < 3) {
      return at + 1;
    }
    if (p.u8(at + 2) < 4) {
      return at + 2;
    }
    if (found.sourceRoute) {
      return at;
    }
    found.sourceRoute = true;
    return 0;
  }

  private static int recordRoute(Packet p, int at, int length, long own, Found found) {
    if (found.recordRoute != 0) {
      return at;
    }
    if (length < 3) {
      return at + 1;
    }
    int pointer = p.u8(at + 2);
    if (pointer < 4) {
      return at + 2;
    }
    if (pointer <= length) {
      if (pointer + 3 > length) {
        return at + 2;
      }
      Bytes.put32(p.buffer, at + pointer - 1, (int) own);
      Bytes.put8(p.buffer, at + 2, pointer + 4);
      found.addressNeeded = true;
    }
    found.recordRoute = at;
    return 0;
  }

  private static int timestamp(Packet p, int at, int length, long own, Found found) {
    if (found.timestamp != 0) {
      return at;
    }
    if (length < 4) {
      return at + 1;
    }
    int pointer = p.u8(at + 2);
    if (pointer < 5) {
      return at + 2;
    }
    found.timestamp = at;
    int flags = p.u8(at + 3) & 15;
    if (pointer > length) {
      int overflow = p.u8(at + 3) >> 4;
      if (overflow == 15) {
        return at + 3;
      }
      Bytes.put8(p.buffer, at + 3, p.u8(at + 3) + 16);
      return 0;
    }
    if (pointer + 3 > length) {
      return at + 2;
    }
    int slot = at + pointer - 1;
    int millis = (int) (p.timeNs / 1_000_000 % MILLIS_A_DAY);
    switch (flags) {
      case TS_ONLY:
        Bytes.put32(p.buffer, slot, millis);
        Bytes.put8(p.buffer, at + 2, pointer + 4);
        return 0;
      case TS_AND_ADDRESS:
        if (pointer + 7 > length) {
          return at + 2;
        }
        Bytes.put32(p.buffer, slot, (int) own);
        Bytes.put32(p.buffer, slot + 4, millis);
        Bytes.put8(p.buffer, at + 2, pointer + 8);
        return 0;
      case TS_PRESPECIFIED:
        if (pointer + 7 > length) {
          return at + 2;
        }
        if (p.u32(slot) == own) {
          Bytes.put32(p.buffer, slot + 4, millis);
          Bytes.put8(p.buffer, at + 2, pointer + 8);
        }
        return 0;
      default:
        return at + 3;
    }
  }

  /**
   * The options that an ICMP error repeats from its cause ({@code __ip_options_echo}): recorded
   * routes and time stamps.
   *
   * @return their length, padded to a multiple of four
   */
  static int echo(Packet p, byte[] into) {
    int at = p.network + Ipv4.MIN_LENGTH;
    int end = p.network + p.ipv4HeaderLength();
    int length = copyOption(p, at, end, RECORD_ROUTE, into, 0);
    length = copyOption(p, at, end, TIMESTAMP, into, length);
    while ((length & 3) != 0) {
      into[length++] = END;
    }
    return length;
  }

  private static int copyOption(Packet p, int from, int end, int wanted, byte[] into, int length) {
    int at = from;
    while (at < end && p.u8(at) != END) {
      int size = p.u8(at) == NOP ? 1 : p.u8(at + 1);
      if (p.u8(at) == wanted) {
        System.arraycopy(p.buffer, at, into, length, size);
        return length + size;
      }
      at += size;
    }
    return length;
  }

  /**
   * Puts the outgoing interface's address where {@link #receive} had put the arriving one's ({@code
   * ip_forward_options}), and the header checksum right.
   */
  static void forward(Packet p, long address) {
    int at = p.network + Ipv4.MIN_LENGTH;
    int end = p.network + p.ipv4HeaderLength();
    while (at < end && p.u8(at) != END) {
      if (p.u8(at) == RECORD_ROUTE) {
        Bytes.put32(p.buffer, at + p.u8(at + 2) - 5, (int) address);
        break;
      }
      at += p.u8(at) == NOP ? 1 : p.u8(at + 1);
    }
    Checksums.ipv4Header(p.buffer, p.network);
  }
}
