package org.fwreplay.hook;

import java.util.HexFormat;
import java.util.StringJoiner;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Protocols;

/**
 * Tells packets in words, as {@link PacketWords} understands them. Checksums are summed anew: where
 * one is wrong the words say so.
 */
final class PacketTeller {
  private static final int DF = 0x4000;
  private static final int MF = 0x2000;
  private static final int OFFSET = 0x1fff;

  private final byte[] b;
  private final int network;
  private final boolean ipv6;
  private final boolean quoted;
  private final boolean fragmentHeader;
  private final int protocol;
  private final int at;
  private final int end;

  /** As in IPv4, whatever the family. */
  private final int fragment;

  private final StringBuilder out = new StringBuilder();
  private int payload;
  private boolean badSum;

  private PacketTeller(byte[] b, int network, int limit, boolean quoted) {
    this.b = b;
    this.network = network;
    this.quoted = quoted;
    ipv6 = b[network] >> 4 == 6;
    int whole = ipv6 ? 40 + u16(4) : u16(2);
    end = Math.min(limit, network + whole);
    fragmentHeader = ipv6 && u8(6) == Protocols.FRAGMENT;
    if (fragmentHeader) {
      protocol = u8(40);
      at = network + 48;
      fragment = u16(42) >> 3 | ((u16(42) & 1) != 0 ? MF : 0);
    } else {
      protocol = u8(ipv6 ? 6 : 9);
      at = network + (ipv6 ? 40 : (u8(0) & 15) * 4);
      fragment = ipv6 ? 0 : u16(6);
    }
  }

  /** The packet at {@code [network, end)}. */
  static String tell(byte[] bytes, int network, int end) {
    return new PacketTeller(bytes, network, end, false).tell();
  }

  private int u8(int offset) {
    return b[network + offset] & 0xff;
  }

  private int u16(int offset) {
    return Bytes.u16(b, network + offset);
  }

  private String tell() {
    int length = end - at;
    boolean known =
        switch (protocol) {
          case Protocols.TCP, Protocols.UDP, Protocols.ICMP, Protocols.ICMPV6 -> true;
          default -> false;
        };
    if ((fragment & OFFSET) != 0 || !known || length < 8) {
      out.append(protocol).append(' ').append(address(false)).append(" > ").append(address(true));
      payload = length;
    } else if (protocol == Protocols.TCP) {
      tcp(length);
    } else if (protocol == Protocols.UDP) {
      ends("udp");
      if (Bytes.u16(b, at + 6) == 0) {
        out.append(" nosum");
      } else {
        sum(length);
      }
      payload = length - 8;
    } else {
      icmp(length);
    }
    header();
    return out.toString();
  }

  private String address(boolean destination) {
    if (ipv6) {
      int from = network + (destination ? 24 : 8);
      return AddressText.ipv6(Bytes.i64(b, from), Bytes.i64(b, from + 8));
    }
    return AddressText.ipv4(Bytes.i32(b, network + (destination ? 16 : 12)));
  }

  private void ends(String kind) {
    out.append(kind).append(' ').append(end(false, 0)).append(" > ").append(end(true, 2));
  }

  private String end(boolean destination, int port) {
    String host = address(destination);
    return (ipv6 ? "[" + host + "]" : host) + ":" + Bytes.u16(b, at + port);
  }

  private void sum(int length) {
    if (quoted || (fragment & (OFFSET | MF)) != 0) {
      return;
    }
    long start = 0;
    if (protocol != Protocols.ICMP) {
      int from = network + (ipv6 ? 8 : 12);
      start = Checksums.sum(b, from, ipv6 ? 32 : 8, protocol + length);
    }
    badSum = Checksums.fold(Checksums.sum(b, at, length, start)) != 0xffff;
  }

  private void number(String word, long value, long usual) {
    if (value != usual) {
      out.append(' ').append(word).append(' ').append(value);
    }
  }

  private void tcp(int length) {
    ends("tcp");
    if (length < 20) {
      out.append(" cut seq ").append(Bytes.u32(b, at + 4));
      return;
    }
    out.append(' ');
    int flags = b[at + 13] & 0xff;
    for (int i = 0; i < 8; i++) {
      if ((flags & 1 << i) != 0) {
        out.append(PacketWords.FLAGS.charAt(i));
      }
    }
    out.append(flags == 0 ? "0" : "");
    number("seq", Bytes.u32(b, at + 4), 0);
    number("ack", Bytes.u32(b, at + 8), 0);
    number("win", Bytes.u16(b, at + 14), 0xffff);
    int header = (b[at + 12] >> 4 & 15) * 4;
    if (header > 20) {
      out.append(" <").append(options(at + 20, at + header)).append('>');
    }
    payload = length - header;
    sum(length);
  }

  private String options(int from, int to) {
    StringJoiner options = new StringJoiner(",");
    for (int i = from; i < to && b[i] != 0; ) {
      if (b[i] == 1) {
        options.add("nop");
        i++;
        continue;
      }
      options.add(
          switch (b[i]) {
            case 2 -> "mss " + Bytes.u16(b, i + 2);
            case 3 -> "wscale " + b[i + 2];
            case 4 -> "sackOK";
            default -> Integer.toString(b[i]);
          });
      i += b[i + 1];
    }
    return options.toString();
  }

  private boolean isError(int type) {
    return ipv6 ? type < 5 : type >= 3 && type <= 5 || type == 11 || type == 12;
  }

  private void icmp(int length) {
    int type = b[at] & 0xff;
    out.append("icmp ").append(address(false)).append(" > ").append(address(true));
    out.append(' ').append(type).append('/').append(b[at + 1] & 0xff);
    sum(length);
    if (isError(type) && length > 8) {
      error(type);
      return;
    }
    number("id", Bytes.u16(b, at + 4), 0);
    number("seq", Bytes.u16(b, at + 6), 0);
    payload = length - 8;
  }

  private void error(int type) {
    int second = Bytes.i32(b, at + 4);
    if (!ipv6 && type == 5) {
      out.append(" gw ").append(AddressText.ipv4(second));
    } else if (type == (ipv6 ? 4 : 12)) {
      number("ptr", second >>> (ipv6 ? 0 : 24), 0);
    } else {
      number("mtu", Integer.toUnsignedLong(second), 0);
    }
    int inner = at + 8;
    out.append(" (").append(new PacketTeller(b, inner, end, true).tell()).append(')');
    int whole = ipv6 ? 40 + Bytes.u16(b, inner + 4) : Bytes.u16(b, inner + 2);
    number("of", end - inner, whole);
  }

  private void header() {
    number("len", payload, 0);
    number("ttl", u8(ipv6 ? 7 : 8), 64);
    int tos = ipv6 ? u16(0) >> 4 & 0xff : u8(1);
    if (tos != 0) {
      out.append(" tos 0x").append(Integer.toHexString(tos));
    }
    if (!ipv6 && (fragment & DF) != 0) {
      out.append(" df");
    }
    if (fragmentHeader || (fragment & (OFFSET | MF)) != 0) {
      out.append(" frag ").append((fragment & OFFSET) * 8).append((fragment & MF) != 0 ? "+" : "");
    }
    if (!ipv6 && at > network + 20) {
      out.append(" ipopts ").append(HexFormat.of().formatHex(b, network + 20, at));
    }
    if (!ipv6 && !quoted && Checksums.fold(Checksums.sum(b, network, at - network, 0)) != 0xffff) {
      out.append(" BAD-IP-CHECKSUM");
    }
    if (badSum) {
      out.append(" badsum");
    }
  }
}
