package org.fwreplay.helper;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackHelper;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.ExpectationPolicy;
import org.fwreplay.conntrack.Expectations;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;

/**
 * FTP (RFC 959, 2428): expects the data connection that PORT, EPRT, 227 or 229 announces and
 * rewrites the address. nf_conntrack_ftp, nf_nat_ftp.
 *
 * <p>A command is only looked for at the start of a line, and only in segments that start where an
 * earlier one ended with a newline.
 */
final class FtpHelper implements ConntrackHelper {
  /** What is announced, and how it is written. */
  enum Type {
    PORT,
    EPRT,
    PASV,
    EPSV
  }

  private static final ExpectationPolicy POLICY = ExpectationPolicy.of(1, 300);
  private static final int NONE = 0;
  private static final int FOUND = 1;

  /** The word is there, or its beginning, but not what must follow it. */
  private static final int PARTIAL = -1;

  private static final byte[][] WORDS = {
    NatHelper.bytes("PORT"),
    NatHelper.bytes("EPRT"),
    NatHelper.bytes("227 "),
    NatHelper.bytes("229 "),
  };

  private final Conntrack conntrack;
  private final NatHelper nat;

  /** Whether data connections may go to others than the peer. */
  private final boolean loose;

  private final AddressScanner scanner = new AddressScanner();
  private final int[] numbers = new int[6];

  // The announcement at hand: address, port and where it stands, from the start of the payload.
  private long hi;
  private long lo;
  private int port;
  private int matchOffset;
  private int matchLength;

  FtpHelper(HelperContext context) {
    conntrack = context.conntrack();
    nat = new NatHelper(context);
    loose = context.host().sysctls().getInt("nf_conntrack_ftp.loose", 0) != 0;
  }

  /** Where lines of each direction begin: the two latest such sequence numbers. */
  private static final class Lines {
    private final int[][] starts = new int[2][2];
    private final int[] count = new int[2];

    boolean isStart(int direction, int sequence) {
      for (int i = 0; i < count[direction]; i++) {
        if (starts[direction][i] == sequence) {
          return true;
        }
      }
      return false;
    }

    void add(int direction, int sequence) {
      if (isStart(direction, sequence)) {
        return;
      }
      int[] known = starts[direction];
      if (count[direction] < known.length) {
        known[count[direction]++] = sequence;
        return;
      }
      int oldest = known[0] - known[1] < 0 ? 0 : 1;
      if (known[oldest] - sequence < 0) {
        known[oldest] = sequence;
      }
    }
  }

  @Override
  public String name() {
    return "ftp";
  }

  @Override
  public ExpectationPolicy policy(int expectationClass) {
    return POLICY;
  }

  @Override
  public int help(Packet p, Connection ct, int info) {
    if (!CtInfo.isEstablished(info)) {
      return Conntrack.ACCEPT;
    }
    int payload = NatHelper.tcpPayload(p);
    int length = p.end - payload;
    if (length <= 0) {
      return Conntrack.ACCEPT;
    }
    if (ct.help.data == null) {
      ct.help.data = new Lines();
    }
    Lines lines = (Lines) ct.help.data;
    int direction = CtInfo.direction(info);
    int sequence = Bytes.i32(p.buffer, p.transport + Tcp.SEQUENCE);
    boolean endsLine = p.buffer[p.end - 1] == '\n';
    if (lines.isStart(direction, sequence)) {
      int type = direction * 2;
      int found = find(p, ct, direction, type, payload);
      if (found == NONE) {
        found = find(p, ct, direction, ++type, payload);
      }
      if (found == PARTIAL) {
        return Conntrack.DROP;
      }
      if (found == FOUND && !expect(p, ct, info, Type.values()[type])) {
        return dropped(lines, direction, sequence + length, endsLine);
      }
    }
    if (endsLine) {
      lines.add(direction, sequence + length);
    }
    return Conntrack.ACCEPT;
  }

  private static int dropped(Lines lines, int direction, int next, boolean endsLine) {
    if (endsLine) {
      lines.add(direction, next);
    }
    return Conntrack.DROP;
  }

  /** {@code find_pattern}. */
  private int find(Packet p, Connection ct, int direction, int type, int payload) {
    byte[] b = p.buffer;
    byte[] word = WORDS[type];
    int length = p.end - payload;
    if (length <= word.length) {
      return Text.startsWithIgnoringCase(b, payload, word, length) ? PARTIAL : NONE;
    }
    if (!Text.startsWithIgnoringCase(b, payload, word)) {
      return NONE;
    }
    Tuple sender = ct.tuple(direction);
    hi = sender.sourceHi;
    lo = sender.sourceLo;
    port = 0;
    int at = payload + word.length;
    int skip = type == 3 ? '(' : type < 2 ? ' ' : -1;
    if (skip >= 0) {
      while (b[at] != skip) {
        if (++at == p.end) {
          return PARTIAL;
        }
      }
      at++;
    }
    if (type == 2) {
      at = firstDigit(b, at, p.end);
    }
    int end =
        switch (Type.values()[type]) {
          case PORT -> sixNumbers(b, at, p.end, '\r');
          case EPRT -> extendedPort(b, at, p.end, sender.ipv6);
          case PASV -> sixNumbers(b, at, p.end, -1);
          case EPSV -> extendedPassive(b, at, p.end);
        };
    matchOffset = at - payload;
    matchLength = end - at;
    return end > at ? FOUND : PARTIAL;
  }

  private static int firstDigit(byte[] b, int from, int end) {
    int at = from;
    while (at < end && !Text.isDigit(b[at])) {
      at++;
    }
    return at;
  }

  /**
   * Decimal numbers with a byte between them, none of them bounded.
   *
   * @param terminator what must follow, -1 for anything
   * @return the offset behind them; {@code at} or less where they are not there
   */
  private int numbers(byte[] b, int from, int end, int count, int separator, int terminator) {
    int filled = 0;
    numbers[0] = 0;
    for (int at = from; at < end; at++) {
      if (Text.isDigit(b[at])) {
        numbers[filled] = numbers[filled] * 10 + b[at] - '0';
      } else if (b[at] == separator) {
        if (++filled == count) {
          return from;
        }
        numbers[filled] = 0;
      } else {
        boolean last = filled == count - 1;
        return last && (terminator < 0 || b[at] == terminator) ? at : from;
      }
    }
    return from;
  }

  private int sixNumbers(byte[] b, int at, int end, int terminator) {
    int behind = numbers(b, at, end, 6, ',', terminator);
    if (behind > at) {
      takeIpv4();
      port = (numbers[4] << 8 | numbers[5]) & 0xffff;
    }
    return behind;
  }

  private void takeIpv4() {
    hi = 0;
    lo = (numbers[0] << 24 | numbers[1] << 16 | numbers[2] << 8 | numbers[3]) & 0xffffffffL;
  }

  private int extendedPort(byte[] b, int at, int end, boolean ipv6) {
    if (end - at <= 3) {
      return at;
    }
    byte delimiter = b[at];
    if (!isDelimiter(delimiter) || b[at + 2] != delimiter || b[at + 1] != (ipv6 ? '2' : '1')) {
      return at;
    }
    int from = at + 3;
    int behind;
    if (ipv6) {
      boolean read = scanner.scan(b, from, end, true, delimiter);
      behind = read ? scanner.end : from;
    } else {
      behind = numbers(b, from, end, 4, '.', delimiter);
    }
    if (behind <= from) {
      return at;
    }
    if (ipv6) {
      hi = scanner.hi;
      lo = scanner.lo;
    } else {
      takeIpv4();
    }
    return portNumber(b, at, behind + 1, end, delimiter);
  }

  private static boolean isDelimiter(byte c) {
    return c >= 33 && c <= 126 && !Text.isDigit(c);
  }

  private int extendedPassive(byte[] b, int at, int end) {
    if (end - at <= 3) {
      return at;
    }
    byte delimiter = b[at];
    if (!isDelimiter(delimiter) || b[at + 1] != delimiter || b[at + 2] != delimiter) {
      return at;
    }
    return portNumber(b, at, at + 3, end, delimiter);
  }

  /** A port and the delimiter behind it; {@code none} is answered where it is not there. */
  private int portNumber(byte[] b, int none, int from, int end, byte delimiter) {
    int number = 0;
    for (int at = from; at < end; at++) {
      if (b[at] == delimiter) {
        port = number;
        return number == 0 ? none : at + 1;
      }
      if (!Text.isDigit(b[at])) {
        return none;
      }
      number = number * 10 + b[at] - '0' & 0xffff;
    }
    return none;
  }

  /** Waits for the announced connection; false drops the packet. */
  private boolean expect(Packet p, Connection ct, int info, Type type) {
    int direction = CtInfo.direction(info);
    Tuple here = ct.tuple(direction);
    Tuple back = ct.tuple(1 - direction);
    boolean foreign = hi != here.sourceHi || lo != here.sourceLo;
    if (foreign && !loose) {
      return true;
    }
    Expectation e = new Expectation(ct, 0, Protocols.TCP).from(back.sourceHi, back.sourceLo);
    int payload = NatHelper.tcpPayload(p);
    Text.announce(e, p.buffer, payload, payload + matchOffset, p.end);
    if (foreign) {
      e.to(hi, lo, port);
    } else {
      e.to(back.destinationHi, back.destinationLo, port);
    }
    if (NatHelper.isTranslated(ct)) {
      return translate(p, ct, info, type, e);
    }
    return conntrack.expectations().expect(e) == Expectations.EXPECTED;
  }

  private boolean translate(Packet p, Connection ct, int info, Type type, Expectation e) {
    int direction = CtInfo.direction(info);
    e.savedPort = e.tuple.destinationPort;
    e.direction = 1 - direction;
    e.function = nat::followMaster;
    int free = nat.expectAtFreePort(e, e.savedPort);
    if (free == 0) {
      return false;
    }
    byte[] text = NatHelper.bytes(announcement(type, ct.tuple(1 - direction), free));
    if (!nat.mangleTcp(p, ct, info, matchOffset, matchLength, text)) {
      conntrack.expectations().remove(e);
      return false;
    }
    return true;
  }

  /** The announcement of the address that the tuple's answers go to. */
  private static String announcement(Type type, Tuple t, int port) {
    int address = (int) t.destinationLo;
    return switch (type) {
      case PORT, PASV ->
          dotted(address).replace('.', ',') + "," + (port >> 8) + "," + (port & 0xff);
      case EPRT ->
          t.ipv6
              ? "|2|" + full(t.destinationHi) + ":" + full(t.destinationLo) + "|" + port + "|"
              : "|1|" + dotted(address) + "|" + port + "|";
      case EPSV -> "|||" + port + "|";
    };
  }

  private static String dotted(int address) {
    return org.fwreplay.packet.AddressText.ipv4(address);
  }

  /** Half an IPv6 address, all its digits written. */
  private static String full(long half) {
    return String.format(
        "%04x:%04x:%04x:%04x",
        half >>> 48, half >>> 32 & 0xffff, half >>> 16 & 0xffff, half & 0xffff);
  }
}
