package org.fwreplay.parsers;

import io.kaitai.struct.ByteBufferKaitaiStream;
import io.kaitai.struct.KaitaiStream;
import java.util.HexFormat;
import java.util.List;
import org.fwreplay.parsers.dns.Dns;

/** Words the data of resource records as master files do. */
final class DnsData {
  private static final HexFormat HEX = HexFormat.of();

  private DnsData() {}

  /**
   * The data as text; what does not fit its type is worded as data of an unknown type.
   *
   * @param offset where the data begin in the message
   */
  static String text(int type, byte[] data, int offset, DnsNames names) {
    try {
      String text = known(type, data, offset, names);
      if (text != null) {
        return text;
      }
    } catch (RuntimeException e) {
      // Worded as hexadecimal digits below, which is refused too if there is too much of it.
    }
    return unknown(data, names);
  }

  /** Null if the type is not known. */
  private static String known(int type, byte[] data, int offset, DnsNames names) {
    KaitaiStream in = new ByteBufferKaitaiStream(data);
    return switch (type) {
      case 1 -> data.length == 4 ? ipv4(data) : null;
      case 28 -> data.length == 16 ? ipv6(data) : null;
      case 2, 5, 12, 39 -> names.expand(offset + new Dns.Target(in).name().ofsName());
      case 6 -> soa(new Dns.Soa(in), offset, names);
      case 15 -> {
        Dns.Mx mx = new Dns.Mx(in);
        yield mx.preference() + " " + names.expand(offset + mx.exchange().ofsName());
      }
      case 16 -> quoted(new Dns.Txt(in).strings(), names);
      case 33 -> {
        Dns.Srv srv = new Dns.Srv(in);
        String target = names.expand(offset + srv.target().ofsName());
        yield srv.priority() + " " + srv.weight() + " " + srv.port() + " " + target;
      }
      default -> null;
    };
  }

  private static String soa(Dns.Soa soa, int offset, DnsNames names) {
    StringBuilder text = new StringBuilder();
    text.append(names.expand(offset + soa.mname().ofsName())).append(' ');
    text.append(names.expand(offset + soa.rname().ofsName()));
    soa.numbers().forEach(number -> text.append(' ').append(number));
    return text.toString();
  }

  private static String quoted(List<Dns.CharacterString> strings, DnsNames names) {
    int length = 0;
    for (Dns.CharacterString string : strings) {
      length += 3;
      for (byte octet : string.octets()) {
        length += octet == '"' || octet == '\\' ? 2 : isPrintable(octet) ? 1 : 4;
      }
    }
    names.charge(length);
    StringBuilder text = new StringBuilder(length);
    for (Dns.CharacterString string : strings) {
      text.append(text.isEmpty() ? "\"" : " \"");
      for (byte octet : string.octets()) {
        appendQuoted(text, octet);
      }
      text.append('"');
    }
    return text.toString();
  }

  private static void appendQuoted(StringBuilder text, byte octet) {
    if (octet == '"' || octet == '\\') {
      text.append('\\').append((char) octet);
    } else if (isPrintable(octet)) {
      text.append((char) octet);
    } else {
      DnsNames.appendEscaped(text, octet & 0xff);
    }
  }

  private static boolean isPrintable(byte octet) {
    return octet >= ' ' && octet <= '~';
  }

  private static String unknown(byte[] data, DnsNames names) {
    if (data.length == 0) {
      return "\\# 0";
    }
    names.charge(2 * data.length);
    StringBuilder text = new StringBuilder(2 * data.length + 9);
    return HEX.formatHex(text.append("\\# ").append(data.length).append(' '), data).toString();
  }

  private static String ipv4(byte[] data) {
    return (data[0] & 0xff)
        + "."
        + (data[1] & 0xff)
        + "."
        + (data[2] & 0xff)
        + "."
        + (data[3] & 0xff);
  }

  /** RFC 5952: the longest run of two or more zero groups, the first of equals, becomes "::". */
  private static String ipv6(byte[] data) {
    int[] groups = new int[8];
    int runStart = -1;
    int runLength = 1;
    for (int i = 0, zeros = 0; i < groups.length; i++) {
      groups[i] = (data[2 * i] & 0xff) << 8 | data[2 * i + 1] & 0xff;
      zeros = groups[i] == 0 ? zeros + 1 : 0;
      if (zeros > runLength) {
        runLength = zeros;
        runStart = i + 1 - zeros;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < groups.length; i++) {
      if (i == runStart) {
        text.append("::");
        i += runLength - 1;
      } else {
        if (i > 0 && i != runStart + runLength) {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
