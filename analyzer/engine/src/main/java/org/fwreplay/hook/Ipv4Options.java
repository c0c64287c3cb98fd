package org.fwreplay.hook;

import org.fwreplay.host.RouteType;
import org.fwreplay.host.Router;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;

/**
 * IPv4 header options (RFC 791): checked and filled in on arrival (ip_options_compile), filled in
 * again when forwarded (ip_forward_options), repeated in ICMP errors (__ip_options_echo).
 */
final class Ipv4Options {
  private static final int END = 0;
  private static final int NOP = 1;
  private static final int RECORD_ROUTE = 7;
  private static final int TIMESTAMP = 68;
  private static final int LOOSE_SOURCE_ROUTE = 131;
  private static final int STRICT_SOURCE_ROUTE = 137;
  private static final int ROUTER_ALERT = 148;

  /** What a time stamp option asks for: the low four bits of its fourth byte. */
  private static final int TS_ONLY = 0;

  private static final int TS_AND_ADDRESS = 1;
  private static final int TS_PRESPECIFIED = 3;

  private static final long MILLIS_A_DAY = 86_400_000L;
  private static final int NONE = -1;

  private final Router router;

  // What was found by the last look at a packet; absolute offsets, or NONE.
  private int recordRoute;
  private boolean addressNeeded;
  private int timestamp;
  private int sourceRoute;
  private boolean changed;
  private int wrong;

  Ipv4Options(Router router) {
    this.router = router;
  }

  /**
   * Checks the options of an arriving packet and writes this host's address and time where they ask
   * for it. The header checksum is made anew only when the packet is forwarded, as in the kernel:
   * what an ICMP error quotes before shows the old one.
   *
   * @param own the address that answers for this host to the packet's sender ({@code spec_dst})
   * @return 0, or the offset in the header of what is wrong (an ICMP parameter problem points
   *     there)
   */
  int receive(Packet p, long own) {
    recordRoute = NONE;
    addressNeeded = false;
    timestamp = NONE;
    sourceRoute = NONE;
    changed = false;
    int at = p.network + Ipv4.MIN_LENGTH;
    int end = p.network + p.ipv4HeaderLength();
    while (at < end) {
      p.optionsEnd = at - p.network;
      int kind = p.u8(at);
      if (kind == END) {
        clearRest(p, at, end);
        break;
      }
      if (kind == NOP) {
        at++;
        continue;
      }
      int length = end - at < 2 ? 0 : p.u8(at + 1);
      if (length < 2 || length > end - at) {
        return at - p.network;
      }
      wrong = NONE;
      switch (kind) {
        case LOOSE_SOURCE_ROUTE, STRICT_SOURCE_ROUTE -> sourceRoute(p, at, length);
        case RECORD_ROUTE -> recordRoute(p, at, length, own);
        case TIMESTAMP -> timestamp(p, at, length, own);
        case ROUTER_ALERT -> wrong = length < 4 ? at + 1 : NONE;
        default -> {}
      }
      if (wrong != NONE) {
        return wrong - p.network;
      }
      at += length;
    }
    p.optionsEnd = p.ipv4HeaderLength();
    return 0;
  }

  /** Whether the packet that was looked at last wants to go a way of its own. */
  boolean hasSourceRoute() {
    return sourceRoute != NONE;
  }

  /** Whether {@link #forward} has something to do for the packet that was looked at last. */
  boolean isChanged() {
    return changed;
  }

  private void clearRest(Packet p, int from, int end) {
    for (int i = from + 1; i < end; i++) {
      if (p.buffer[i] != END) {
        p.buffer[i] = END;
        changed = true;
      }
    }
  }

  private void sourceRoute(Packet p, int at, int length) {
    if (length < 3) {
      wrong = at + 1;
    } else if (p.u8(at + 2) < 4) {
      wrong = at + 2;
    } else if (sourceRoute != NONE) {
      wrong = at;
    } else {
      sourceRoute = at;
    }
  }

  private void recordRoute(Packet p, int at, int length, long own) {
    if (recordRoute != NONE) {
      wrong = at;
      return;
    }
    if (length < 3) {
      wrong = at + 1;
      return;
    }
    int pointer = p.u8(at + 2);
    if (pointer < 4 || pointer <= length && pointer + 3 > length) {
      wrong = at + 2;
      return;
    }
    if (pointer <= length) {
      Bytes.put32(p.buffer, at + pointer - 1, (int) own);
      Bytes.put8(p.buffer, at + 2, pointer + 4);
      addressNeeded = true;
      changed = true;
    }
    recordRoute = at;
  }

  private void timestamp(Packet p, int at, int length, long own) {
    if (timestamp != NONE) {
      wrong = at;
      return;
    }
    if (length < 4) {
      wrong = at + 1;
      return;
    }
    int pointer = p.u8(at + 2);
    if (pointer < 5 || pointer <= length && pointer + 3 > length) {
      wrong = at + 2;
      return;
    }
    if (pointer <= length) {
      stamp(p, at, length, own);
    } else {
      overflow(p, at);
    }
    timestamp = at;
  }

  private void stamp(Packet p, int at, int length, long own) {
    int pointer = p.u8(at + 2);
    int slot = at + pointer - 1;
    int kind = p.u8(at + 3) & 15;
    if (kind == TS_ONLY) {
      writeTime(p, slot);
      Bytes.put8(p.buffer, at + 2, pointer + 4);
      return;
    }
    if (kind != TS_AND_ADDRESS && kind != TS_PRESPECIFIED) {
      return;
    }
    if (pointer + 7 > length) {
      wrong = at + 2;
      return;
    }
    if (kind == TS_AND_ADDRESS) {
      Bytes.put32(p.buffer, slot, (int) own);
    } else if (isForeign(p.u32(slot))) {
      return;
    }
    writeTime(p, slot + 4);
    Bytes.put8(p.buffer, at + 2, pointer + 8);
  }

  /** Whether an address is neither this host's nor one of many. */
  private boolean isForeign(long address) {
    return router.addressType4(-1, address) == RouteType.UNICAST;
  }

  private void writeTime(Packet p, int at) {
    Bytes.put32(p.buffer, at, millis(p));
    changed = true;
  }

  private static int millis(Packet p) {
    return (int) Math.floorMod(p.timeNs / 1_000_000, MILLIS_A_DAY);
  }

  /** No room for a time stamp: that is counted, except for addresses that were given. */
  private void overflow(Packet p, int at) {
    int word = p.u8(at + 3);
    if ((word & 15) == TS_PRESPECIFIED) {
      return;
    }
    if (word >> 4 == 15) {
      wrong = at + 3;
      return;
    }
    Bytes.put8(p.buffer, at + 3, word + 16);
    changed = true;
  }

  /**
   * Puts the outgoing interface's address where {@link #receive} had put the arriving one's, and
   * the header checksum right. Only for the packet that was looked at last.
   */
  void forward(Packet p, long address) {
    if (addressNeeded) {
      Bytes.put32(p.buffer, recordRoute + p.u8(recordRoute + 2) - 5, (int) address);
    }
    Checksums.ipv4Header(p.buffer, p.network);
  }

  // -- in ICMP errors ----------------------------------------------------------------------------

  /**
   * The options that an ICMP error repeats from its cause: recorded routes and time stamps as far
   * as they were sound, and in them what the answering host adds.
   *
   * @param source the answer's source address
   * @return their length, padded to a multiple of four; -1 where an option has not enough room for
   *     what is to be added, and no error is sent
   */
  int echo(Packet p, long source, byte[] into) {
    int length = copy(p, RECORD_ROUTE, into, 0);
    if (length > 0 && into[2] <= length) {
      if (into[2] + 3 > length) {
        return -1;
      }
      Bytes.put32(into, into[2] - 1, (int) source);
      into[2] += 4;
    }
    int start = length;
    length = copy(p, TIMESTAMP, into, start);
    if (length > start && into[start + 2] <= length - start && !addTime(p, source, into, start)) {
      return -1;
    }
    while ((length & 3) != 0) {
      into[length++] = END;
    }
    return length;
  }

  private boolean addTime(Packet p, long source, byte[] options, int at) {
    int pointer = options[at + 2];
    int room = options[at + 1] - pointer + 1;
    int kind = options[at + 3] & 15;
    int slot = at + pointer - 1;
    int added;
    switch (kind) {
      case TS_ONLY:
        added = 4;
        break;
      case TS_AND_ADDRESS:
        added = 8;
        break;
      case TS_PRESPECIFIED:
        added = room >= 8 && !isForeign(Bytes.u32(options, slot)) ? 8 : 0;
        break;
      default:
        added = 0;
        break;
    }
    if (room < added) {
      return false;
    }
    if (added > 0) {
      Bytes.put32(options, slot + added - 4, millis(p));
      if (kind == TS_AND_ADDRESS) {
        Bytes.put32(options, slot, (int) source);
      }
      options[at + 2] += (byte) added;
    }
    return true;
  }

  private static int copy(Packet p, int wanted, byte[] into, int length) {
    int at = p.network + Ipv4.MIN_LENGTH;
    int end = p.network + p.optionsEnd;
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
}
