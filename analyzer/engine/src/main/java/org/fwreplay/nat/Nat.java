package org.fwreplay.nat;

import java.util.SplittableRandom;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.conntrack.TupleReader;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/**
 * Network address translation of a run: nf_nat_core. It decides once a connection which addresses
 * and ports it gets; {@link Manipulation} then rewrites each packet.
 */
public final class Nat {
  /** {@code NF_NAT_MANIP_SRC}: the source is rewritten. */
  public static final int SOURCE = 0;

  /** {@code NF_NAT_MANIP_DST}: the destination is rewritten. */
  public static final int DESTINATION = 1;

  private static final int MAX_ATTEMPTS = 128;
  private static final int HARDER_ATTEMPTS = 8;

  private final Conntrack conntrack;
  private final SplittableRandom random;
  private final Tuple current = new Tuple();
  private final Tuple chosen = new Tuple();
  private final Tuple probe = new Tuple();

  /** NAT over the given connection tracking; random ports come from {@code random}. */
  public Nat(Conntrack conntrack, SplittableRandom random) {
    this.conntrack = conntrack;
    this.random = random;
  }

  /** What a hook rewrites: {@code HOOK2MANIP}. */
  public static int manipOf(Hook hook) {
    return hook == Hook.POSTROUTING || hook == Hook.INPUT ? SOURCE : DESTINATION;
  }

  /** Whether the connection's translation of this kind is decided. */
  public static boolean isDone(Connection ct, int manip) {
    return ct.is(manip == SOURCE ? Connection.SRC_NAT_DONE : Connection.DST_NAT_DONE);
  }

  /**
   * Sets a connection's translation up: {@code nf_nat_setup_info}.
   *
   * @param manip {@link #SOURCE} or {@link #DESTINATION}
   * @return whether the packet is accepted; false drops it
   */
  public boolean setup(Connection ct, NatRange range, int manip) {
    if (ct.is(Connection.CONFIRMED)) {
      return true;
    }
    if (isDone(ct, manip)) {
      return false;
    }
    // What the packet looks like by now is the inverse of the reply that is expected.
    TupleReader.invert(ct.reply, current);
    choose(ct, range, manip);
    if (!chosen.sameKey(current)) {
      int replyZone = ct.reply.zone;
      TupleReader.invert(chosen, probe);
      ct.reply.set(probe);
      ct.reply.zone = replyZone;
      ct.status |= manip == SOURCE ? Connection.SRC_NAT : Connection.DST_NAT;
      conntrack.helpers().replyAltered(ct);
    }
    if (manip == SOURCE) {
      conntrack.insertBySource(ct);
      ct.status |= Connection.SRC_NAT_DONE;
    } else {
      ct.status |= Connection.DST_NAT_DONE;
    }
    return true;
  }

  /**
   * Binds a connection that no rule translates to what it has: {@code nf_nat_alloc_null_binding}.
   */
  public boolean bindNull(Connection ct, int manip) {
    if (ct.is(Connection.CONFIRMED)) {
      return true;
    }
    TupleReader.invert(ct.reply, current);
    if (manip == SOURCE ? !usedNew(current, ct) : !isIcmp(current) || !used(current, ct)) {
      return bindUnchanged(ct, manip);
    }
    long hi = manip == SOURCE ? ct.reply.destinationHi : ct.reply.sourceHi;
    long lo = manip == SOURCE ? ct.reply.destinationLo : ct.reply.sourceLo;
    return setup(ct, NatRange.of(hi, lo), manip);
  }

  private static boolean isIcmp(Tuple t) {
    return t.protocol == Protocols.ICMP || t.protocol == Protocols.ICMPV6;
  }

  private boolean bindUnchanged(Connection ct, int manip) {
    if (manip == SOURCE) {
      conntrack.insertBySource(ct);
      ct.status |= Connection.SRC_NAT_DONE;
    } else {
      ct.status |= Connection.DST_NAT_DONE;
    }
    return true;
  }

  /** Fills {@link #chosen}: {@code get_unique_tuple}. */
  private void choose(Connection ct, NatRange range, int manip) {
    if (manip == SOURCE && !range.has(NatRange.RANDOM | NatRange.RANDOM_FULLY)) {
      if (isInRange(current, range)) {
        if (!usedNew(current, ct)) {
          chosen.set(current);
          return;
        }
      } else if (findSameSource(ct, range) && !used(chosen, ct)) {
        return;
      }
    }
    chosen.set(current);
    chooseAddress(ct, range, manip);
    if (!range.has(NatRange.RANDOM | NatRange.RANDOM_FULLY)) {
      if (range.has(NatRange.PORTS_SPECIFIED)) {
        if (!range.has(NatRange.PORT_OFFSET)
            && isPortInRange(chosen, manip, range)
            && (range.minPort() == range.maxPort() || !used(chosen, ct))) {
          return;
        }
      } else if (!used(chosen, ct)) {
        return;
      }
    }
    choosePort(ct, range, manip);
  }

  private boolean used(Tuple t, Connection own) {
    TupleReader.invert(t, probe);
    return conntrack.isTaken(probe, own);
  }

  /**
   * Like {@link #used}, for a tuple that NAT would leave alone: two packets that crossed each other
   * are one connection ({@code nf_nat_used_tuple_new}).
   */
  private boolean usedNew(Tuple t, Connection own) {
    if (!used(t, own)) {
      return false;
    }
    if (!own.mayClash() || own.isAny(Connection.NAT_MASK | Connection.SEQ_ADJUST)) {
      return true;
    }
    Tuple found = conntrack.find(t, own);
    if (found == null) {
      TupleReader.invert(t, probe);
      found = conntrack.find(probe, own);
      if (found == null) {
        return false;
      }
    }
    Connection other = found.connection();
    return other.isAny(Connection.NAT_MASK | Connection.SEQ_ADJUST)
        || !other.original.sameKey(own.reply);
  }

  private static boolean isInRange(Tuple t, NatRange range) {
    if (range.has(NatRange.MAP_ADDRESSES) && !isAddressInRange(t, range)) {
      return false;
    }
    return !range.has(NatRange.PORTS_SPECIFIED) || isPortInRange(t, SOURCE, range);
  }

  private static boolean isAddressInRange(Tuple t, NatRange r) {
    return compare(t.sourceHi, t.sourceLo, r.minHi(), r.minLo()) >= 0
        && compare(t.sourceHi, t.sourceLo, r.maxHi(), r.maxLo()) <= 0;
  }

  private static int compare(long aHi, long aLo, long bHi, long bLo) {
    int hi = Long.compareUnsigned(aHi, bHi);
    return hi != 0 ? hi : Long.compareUnsigned(aLo, bLo);
  }

  private static boolean isPortInRange(Tuple t, int manip, NatRange range) {
    int port;
    switch (t.protocol) {
      case Protocols.ICMP, Protocols.ICMPV6:
        port = t.sourcePort;
        break;
      case Protocols.GRE,
      Protocols.TCP,
      Protocols.UDP,
      Protocols.UDPLITE,
      Protocols.SCTP,
      Protocols.DCCP:
        port = manip == SOURCE ? t.sourcePort : t.destinationPort;
        break;
      default:
        return true;
    }
    return port >= range.minPort() && port <= range.maxPort();
  }

  /** The mapping that another connection of the same source has, if it fits. */
  private boolean findSameSource(Connection own, NatRange range) {
    for (Connection ct = conntrack.firstBySource(current);
        ct != null;
        ct = conntrack.nextBySource(ct)) {
      if (ct.original.sameSource(current) && ct.original.zone == own.original.zone) {
        TupleReader.invert(ct.reply, chosen);
        chosen.destinationHi = current.destinationHi;
        chosen.destinationLo = current.destinationLo;
        chosen.destinationPort = current.destinationPort;
        if (isInRange(chosen, range)) {
          return true;
        }
      }
    }
    return false;
  }

  /** {@code find_best_ips_proto}: one address of the range, the same for the same pair of hosts. */
  private void chooseAddress(Connection ct, NatRange range, int manip) {
    if (!range.has(NatRange.MAP_ADDRESSES)) {
      return;
    }
    long hi = range.minHi();
    long lo = range.minLo();
    if (range.minHi() != range.maxHi() || range.minLo() != range.maxLo()) {
      boolean persistent = range.has(NatRange.PERSISTENT);
      int[] address = AddressHash.choose(chosen, range, persistent, ct.zone, ct.original.ipv6);
      if (ct.original.ipv6) {
        hi = (long) address[0] << 32 | address[1] & 0xffffffffL;
        lo = (long) address[2] << 32 | address[3] & 0xffffffffL;
      } else {
        hi = 0;
        lo = address[0] & 0xffffffffL;
      }
    }
    if (manip == SOURCE) {
      chosen.sourceHi = hi;
      chosen.sourceLo = lo;
    } else {
      chosen.destinationHi = hi;
      chosen.destinationLo = lo;
    }
  }

  /** {@code nf_nat_l4proto_unique_tuple}. */
  private void choosePort(Connection ct, NatRange range, int manip) {
    boolean source = manip == SOURCE;
    boolean specified = range.has(NatRange.PORTS_SPECIFIED);
    int min;
    int size;
    switch (chosen.protocol) {
      case Protocols.ICMP, Protocols.ICMPV6:
        source = true; // the id is the same in both directions
        min = specified ? range.minPort() : 0;
        size = specified ? range.maxPort() - min + 1 : 65_536;
        break;
      case Protocols.GRE:
        if (ct.master == null) {
          return;
        }
        min = specified ? range.minPort() : 1;
        size = specified ? range.maxPort() - min + 1 : 65_535;
        break;
      case Protocols.UDP, Protocols.UDPLITE, Protocols.TCP, Protocols.SCTP, Protocols.DCCP:
        if (specified) {
          min = Math.min(range.minPort(), range.maxPort());
          size = Math.abs(range.maxPort() - range.minPort()) + 1;
          break;
        }
        if (manip == DESTINATION) {
          return;
        }
        int port = chosen.sourcePort;
        min = port >= 1024 ? 1024 : port < 512 ? 1 : 600;
        size = (port >= 1024 ? 65_535 : port < 512 ? 511 : 1023) - min + 1;
        break;
      default:
        return;
    }
    searchPort(ct, range, manip, source, min, size);
  }

  private void searchPort(
      Connection ct, NatRange range, int manip, boolean source, int min, int size) {
    int start = source ? chosen.sourcePort : chosen.destinationPort;
    int offset;
    if (range.has(NatRange.PORT_OFFSET)) {
      offset = start - range.basePort();
    } else if (range.has(NatRange.RANDOM | NatRange.RANDOM_FULLY) || manip != DESTINATION) {
      offset = random.nextInt(65_536);
    } else {
      offset = 0;
    }
    int attempts = Math.min(size, MAX_ATTEMPTS);
    while (true) {
      for (int i = 0; i < attempts; i++, offset++) {
        int port = min + (offset & 0xffff) % size;
        if (source) {
          chosen.sourcePort = port;
        } else {
          chosen.destinationPort = port;
        }
        if (!usedHarder(ct, attempts - i)) {
          return;
        }
      }
      if (attempts >= size || attempts < 16) {
        return;
      }
      attempts /= 2;
      offset = random.nextInt(65_536);
    }
  }

  /** With few attempts left, a closed TCP connection's port may be taken over. */
  private boolean usedHarder(Connection own, int attemptsLeft) {
    if (attemptsLeft > HARDER_ATTEMPTS || !own.isSynSent()) {
      return used(chosen, own);
    }
    TupleReader.invert(chosen, probe);
    Tuple found = conntrack.find(probe, own);
    if (found == null) {
      return false;
    }
    Connection other = found.connection();
    if (found.direction() == Connection.ORIGINAL || !other.isReplaceableBy(own)) {
      return true;
    }
    return !conntrack.kill(other);
  }

  /**
   * Rewrites a packet as its connection's translation says: {@code nf_nat_packet}.
   *
   * @return false drops the packet
   */
  public boolean packet(Packet p, Connection ct, Hook hook) {
    int manip = manipOf(hook);
    int direction = CtInfo.direction(p.trackInfo);
    if (!isTranslated(ct, manip, direction)) {
      return true;
    }
    TupleReader.invert(ct.tuple(1 - direction), probe);
    return Manipulation.rewrite(p, probe, manip);
  }

  /** Whether packets of that direction are rewritten at hooks of that kind. */
  static boolean isTranslated(Connection ct, int manip, int direction) {
    int bit = manip == SOURCE ? Connection.SRC_NAT : Connection.DST_NAT;
    if (direction == Connection.REPLY) {
      bit ^= Connection.NAT_MASK;
    }
    return ct.is(bit);
  }

  /**
   * Translates an ICMP error and the packet inside it: {@code nf_nat_icmp_reply_translation}.
   *
   * @return false drops the packet
   */
  public boolean icmpError(Packet p, Connection ct, Hook hook) {
    int manip = manipOf(hook);
    int direction = CtInfo.direction(p.trackInfo);
    if (!Manipulation.isIntactIcmp(p)) {
      return false;
    }
    if (Manipulation.isRedirect(p)
        && (!ct.is(Connection.NAT_DONE_MASK) || ct.isAny(Connection.NAT_MASK))) {
      return false;
    }
    if (!isTranslated(ct, manip, direction)) {
      return true;
    }
    if (!Manipulation.rewriteEmbedded(p, ct.tuple(1 - direction), 1 - manip)) {
      return false;
    }
    TupleReader.invert(ct.tuple(1 - direction), probe);
    return Manipulation.rewriteAddress(p, probe, manip);
  }

  /**
   * Gives a packet other addresses and ports, checksums included, whatever its connection says.
   *
   * @param to of the packet's protocol
   * @return false where the packet is too short for it
   */
  public static boolean readdress(Packet p, Tuple to) {
    return Manipulation.rewrite(p, to, SOURCE) && Manipulation.rewrite(p, to, DESTINATION);
  }

  /** Gives a later fragment, which has no ports, other addresses. */
  public static void readdressFragment(Packet p, Tuple to) {
    Manipulation.rewriteNetwork(p, p.network, to, SOURCE);
    Manipulation.rewriteNetwork(p, p.network, to, DESTINATION);
  }

  /**
   * Gives an ICMP error, and the packet that it quotes, other addresses and ports.
   *
   * @param quoted what the quoted packet gets
   * @param to the addresses that the error itself gets
   * @return false where the packet is too short for it
   */
  public static boolean readdressError(Packet p, Tuple quoted, Tuple to) {
    return Manipulation.rewriteEmbedded(p, quoted, SOURCE)
        && Manipulation.rewriteEmbedded(p, quoted, DESTINATION)
        && Manipulation.rewriteAddress(p, to, SOURCE)
        && Manipulation.rewriteAddress(p, to, DESTINATION);
  }
}
