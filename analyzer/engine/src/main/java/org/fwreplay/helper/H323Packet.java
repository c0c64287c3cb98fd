package org.fwreplay.helper;

import java.util.Map;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackHelper;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.Expectations;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Packet;

/**
 * The packet that an H.323 helper is at, its message as far as it is read, and the address found
 * last.
 */
final class H323Packet {
  /** The types of all messages by their names. */
  static final Map<String, PerType> TYPES = PerTypes.load("h323.asn1");

  private static final PerType H225_ADDRESS = TYPES.get("TransportAddress");
  private static final PerType H245_ADDRESS = TYPES.get("H245TransportAddress");
  private static final String IP = "ipAddress";
  private static final String IP6 = "ip6Address";
  private static final String UNICAST = "unicastAddress";

  /** Of a choice of addresses: which one it is, and where that one's offset is noted. */
  private record Address(int index, int index6, int offset, int offset6) {
    static Address of(PerType choice, String four, String six, String field) {
      return new Address(
          choice.index(four),
          choice.index(six),
          choice.offset(four, field),
          choice.offset(six, field));
    }
  }

  private static final Address H225 = Address.of(H225_ADDRESS, IP, IP6, "ip");
  private static final Address H245 =
      Address.of(H245_ADDRESS.of(UNICAST), "iPAddress", "iP6Address", "network");
  private static final int H245_INDEX = H245_ADDRESS.index(UNICAST);
  private static final int H245_UNICAST = H245_ADDRESS.offset(UNICAST);

  /** How many notes an address of H.225.0 takes in a list. */
  static final int ADDRESS_SLOTS = H225_ADDRESS.slots();

  Packet packet;
  Connection ct;
  int info;

  /** What was read of the message. */
  final PerDecoder decoder;

  final int[] notes;

  /** Absolute offset of the message: where noted offsets count from. */
  int message;

  /** The address found last: where it is (from the message's start), and what it is. */
  int where;

  long hi;
  long lo;
  int port;

  private final Conntrack conntrack;

  H323Packet(HelperContext context, int slots) {
    conntrack = context.conntrack();
    decoder = new PerDecoder(slots);
    notes = decoder.notes;
  }

  void set(Packet p, Connection connection, int ctInfo) {
    packet = p;
    ct = connection;
    info = ctInfo;
  }

  int direction() {
    return CtInfo.direction(info);
  }

  /** The connection as the sender sees it, and as the receiver answers. */
  Tuple here() {
    return ct.tuple(direction());
  }

  Tuple back() {
    return ct.tuple(1 - direction());
  }

  H323Master master() {
    return master(ct);
  }

  static H323Master master(Connection ct) {
    if (ct.help.data == null) {
      ct.help.data = new H323Master();
    }
    return (H323Master) ct.help.data;
  }

  /** Whether NAT has a hand in the connection: addresses are rewritten in IPv4 only. */
  boolean isTranslated() {
    return !ct.original.ipv6 && NatHelper.isTranslated(ct);
  }

  /** Whether what the sender offers is offered elsewhere to the receiver. */
  boolean isSenderTranslated() {
    return isTranslated() && !isDestination(back(), here().sourceHi, here().sourceLo);
  }

  private static boolean isDestination(Tuple t, long hi, long lo) {
    return t.destinationLo == lo && t.destinationHi == hi;
  }

  /** Whether the address found last is the sender's own. */
  boolean isSenders() {
    return here().sourceLo == lo && here().sourceHi == hi;
  }

  /** Reads an address of H.225.0 that is noted at a place; false where it is of another kind. */
  boolean h225(int place) {
    return address(place, H225);
  }

  /** Reads an address of H.245. */
  boolean h245(int place) {
    return notes[place] == H245_INDEX && address(place + H245_UNICAST, H245);
  }

  private boolean address(int place, Address kind) {
    boolean six = ct.original.ipv6;
    if (notes[place] != (six ? kind.index6 : kind.index)) {
      return false;
    }
    where = notes[place + (six ? kind.offset6 : kind.offset)];
    int i = message + where;
    hi = six ? packet.u32(i) << 32 | packet.u32(i + 4) : 0;
    lo = six ? packet.u32(i + 8) << 32 | packet.u32(i + 12) : packet.u32(i);
    port = packet.u16(i + (six ? 16 : 4));
    return true;
  }

  /** An expectation from the receiver's address. */
  Expectation expectation(int protocol, long toHi, long toLo, int toPort) {
    return new Expectation(ct, 0, protocol)
        .from(back().sourceHi, back().sourceLo)
        .to(toHi, toLo, toPort)
        .announced(packet.buffer, message + where, message + where + addressLength());
  }

  private int addressLength() {
    return ct.original.ipv6 ? 18 : 6;
  }

  /** An expectation from the receiver's address to where it sends its answers. */
  Expectation backwards(int protocol, int toPort) {
    return expectation(protocol, back().destinationHi, back().destinationLo, toPort);
  }

  boolean expect(Expectation e) {
    return conntrack.expectations().expect(e) == Expectations.EXPECTED;
  }

  void unexpect(Expectation e) {
    conntrack.expectations().remove(e);
  }

  /** The helper of that name that is registered for a protocol. */
  ConntrackHelper helper(String name, int protocol) {
    return conntrack.helpers().byName(name, ct.original.ipv6, protocol);
  }
}
