package org.fwreplay.ipset;

import org.fwreplay.ipset.IpSet.Outcome;
import org.fwreplay.ipset.IpSet.Task;
import org.fwreplay.packet.Protocols;

/** One command on a hash type: checks the element and spreads ranges ({@code hash_*_uadt}). */
final class HashCommand {
  private static final long ALL = 0xffffffffL;

  private final HashIpSet set;
  private final SetHeader header;
  private final SetType type;
  private final boolean ipv6;
  private final int bits;
  private final Task task;
  private final Element e;
  private final Extras extras;
  private final boolean exist;

  HashCommand(HashIpSet set, Task task, Element e, Extras extras, boolean exist) {
    this.set = set;
    this.header = set.header;
    this.type = header.type;
    this.ipv6 = header.ipv6();
    this.bits = header.addressBits();
    this.task = task;
    this.e = e;
    this.extras = extras;
    this.exist = exist;
  }

  Outcome run() throws SetException {
    boolean given = e.prefix != Element.NONE;
    checkPrefixes();
    checkProtocol();
    e.hi &= header.maskHi;
    e.lo &= header.maskLo;
    e.hi2 &= header.maskHi;
    e.lo2 &= header.maskLo;
    e.mark &= header.markmask;
    checkZero();
    boolean ports = e.portTo != Element.NONE && e.hasPorts();
    boolean wide = !type.firstIsNet() && given && !ipv6;
    boolean ranges = e.to != Element.NONE || e.to2 != Element.NONE || ports || wide;
    return task == Task.TEST || !ranges ? single() : spread(ports, wide);
  }

  private void checkPrefixes() throws SetException {
    boolean overlooked = task == Task.TEST && !type.firstIsNet();
    e.prefix = overlooked ? bits : checked(e.prefix, type.firstIsNet() && type.storesNet0());
    e.prefix2 = checked(e.prefix2, type.storesNet0());
    if (ipv6 && !type.firstIsNet() && e.prefix != bits) {
      throw new SetException("a prefix length is not taken here with IPv6", "a single address");
    }
  }

  private int checked(int prefix, boolean zero) throws SetException {
    if (prefix == Element.NONE) {
      return bits;
    }
    if (prefix == 0 && !zero || prefix > bits) {
      throw new SetException(
          "prefix length " + prefix + " is not taken by " + type.text,
          (zero ? "0" : "1") + " to " + bits);
    }
    return prefix;
  }

  private void checkProtocol() throws SetException {
    if (!type.has(SetType.Field.PORT)) {
      return;
    }
    if (e.protocol == 0) {
      throw new SetException("protocol 0 cannot be stored", "another protocol");
    }
    if (!e.hasPorts() && e.protocol != (ipv6 ? Protocols.ICMPV6 : Protocols.ICMP)) {
      e.port = 0;
    }
  }

  private void checkZero() throws SetException {
    boolean address = type == SetType.HASH_IP || type == SetType.HASH_IP_PORT;
    boolean zero = (e.hi | e.lo) == 0;
    boolean mark = type == SetType.HASH_IP_MARK && zero && e.mark == 0;
    boolean mac = type.has(SetType.Field.MAC) && e.mac == 0;
    if (address && zero || mark || mac) {
      throw new SetException("the null element cannot be stored in " + type.text, "");
    }
  }

  private Outcome single() {
    if (type.firstIsNet()) {
      e.keepPrefix(e.prefix, ipv6);
    }
    if (type.secondIsNet()) {
      e.keepPrefix2(e.prefix2, ipv6);
    }
    return set.single(task, e, extras, exist);
  }

  /** Only IPv4 has ranges of addresses; IPv6 has ranges of ports. */
  private Outcome spread(boolean ports, boolean wide) throws SetException {
    int portTo = ports ? Math.max(e.port, e.portTo) : e.port;
    int port = ports ? Math.min(e.port, e.portTo) : e.port;
    if (ipv6) {
      return ports(port, portTo, null);
    }
    long[] first = range(e.lo, e.to, e.prefix, type.firstIsNet() || wide);
    long[] second = range(e.lo2, e.to2, e.prefix2, type.secondIsNet());
    if (type == SetType.HASH_IP && first[0] == 0) {
      throw new SetException("the null element cannot be stored in " + type.text, "");
    }
    checkWidth(first, type.firstIsNet());
    checkWidth(second, type.secondIsNet());
    long step = type == SetType.HASH_IP && header.netmask > 0 ? 1L << 32 - header.netmask : 1;
    long at = first[0];
    while (at <= first[1]) {
      e.lo = at;
      long end = at + step - 1;
      if (type.firstIsNet()) {
        end = network(at, first[1]);
        e.prefix = prefix(at, end);
      }
      Outcome outcome = ports(port, portTo, second);
      if (isFailure(outcome)) {
        return outcome;
      }
      at = end + 1;
    }
    return Outcome.DONE;
  }

  private static long[] range(long from, long to, int prefix, boolean isNet) {
    if (to != Element.NONE) {
      return new long[] {Math.min(from, to), Math.max(from, to)};
    }
    if (!isNet) {
      return new long[] {from, from};
    }
    long mask = Element.mask4(prefix);
    return new long[] {from & mask, from | ~mask & ALL};
  }

  private void checkWidth(long[] range, boolean isNet) throws SetException {
    boolean all = range[0] == 0 && range[1] == ALL;
    if (isNet && all && type != SetType.HASH_NET_PORT_NET) {
      throw new SetException("the range is too large for " + type.text, "less than all addresses");
    }
  }

  private Outcome ports(int from, int to, long[] second) {
    for (int port = from; port <= to; port++) {
      e.port = port;
      Outcome outcome = second == null ? single() : second(second);
      if (isFailure(outcome)) {
        return outcome;
      }
    }
    return Outcome.DONE;
  }

  private Outcome second(long[] range) {
    if (!type.secondIsNet()) {
      return set.single(task, e, extras, exist);
    }
    long at = range[0];
    while (at <= range[1]) {
      e.lo2 = at;
      long end = network(at, range[1]);
      e.prefix2 = prefix(at, end);
      Outcome outcome = set.single(task, e, extras, exist);
      if (isFailure(outcome)) {
        return outcome;
      }
      at = end + 1;
    }
    return Outcome.DONE;
  }

  private boolean isFailure(Outcome outcome) {
    return outcome != Outcome.DONE && !(outcome == Outcome.EXIST && exist);
  }

  /** The end of the largest network that begins at {@code from} and does not go beyond. */
  private static long network(long from, long to) {
    long size = from == 0 ? ALL + 1 : Long.lowestOneBit(from);
    while (from + size - 1 > to) {
      size >>= 1;
    }
    return from + size - 1;
  }

  private static int prefix(long from, long to) {
    return 32 - Long.numberOfTrailingZeros(to - from + 1);
  }
}
