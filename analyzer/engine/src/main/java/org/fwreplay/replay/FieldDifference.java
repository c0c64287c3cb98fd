package org.fwreplay.replay;

import java.util.Arrays;
import java.util.HexFormat;
import org.fwreplay.host.Host;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;

/**
 * The first field in which two frames differ that are one packet.
 *
 * @param field what it is called
 * @param seen its value in the capture
 * @param predicted its value in the run
 */
record FieldDifference(String field, String seen, String predicted) {
  private static final int PORTS = 4;

  /** Compares two frames of one family and protocol: what NAT changes first, checksums last. */
  static FieldDifference between(FrameBytes seen, FrameBytes model) {
    FieldDifference found = addresses(seen, model);
    found = found != null ? found : hop(seen, model);
    found = found != null ? found : transport(seen, model);
    if (found != null) {
      return found;
    }
    if (seen.whole == model.whole && seen.hasOtherMac(model)) {
      return new FieldDifference("link-layer destination", mac(seen.mac), mac(model.mac));
    }
    int header = seen.ipv6 ? 0 : Ipv4.CHECKSUM;
    if (!seen.ipv6 && value(seen, header, 2) != value(model, header, 2)) {
      return hex("IP header checksum", seen, model, header, 2);
    }
    int sum = checksumAt(seen.protocol);
    boolean inside = sum >= 0 && seen.fragmentOffset == 0;
    if (inside && value(seen, seen.transport + sum, 2) != value(model, seen.transport + sum, 2)) {
      return hex("transport checksum", seen, model, seen.transport + sum, 2);
    }
    return new FieldDifference("payload", "", "");
  }

  private static FieldDifference addresses(FrameBytes seen, FrameBytes model) {
    int source = seen.ipv6 ? Ipv6.SOURCE : Ipv4.SOURCE;
    int destination = seen.ipv6 ? Ipv6.DESTINATION : Ipv4.DESTINATION;
    if (!address(seen, source).equals(address(model, source))) {
      return new FieldDifference("source address", address(seen, source), address(model, source));
    }
    if (!address(seen, destination).equals(address(model, destination))) {
      return new FieldDifference(
          "destination address", address(seen, destination), address(model, destination));
    }
    if (!hasPorts(seen)) {
      return null;
    }
    FieldDifference port = number("source port", seen, model, seen.transport, 2);
    return port != null ? port : number("destination port", seen, model, seen.transport + 2, 2);
  }

  private static FieldDifference hop(FrameBytes seen, FrameBytes model) {
    if (seen.ipv6) {
      FieldDifference found = number("hop limit", seen, model, Ipv6.HOP_LIMIT, 1);
      return found != null ? found : hex("traffic class or flow label", seen, model, 0, 4);
    }
    FieldDifference found = number("TTL", seen, model, Ipv4.TTL, 1);
    found = found != null ? found : hex("TOS", seen, model, Ipv4.TOS, 1);
    found = found != null ? found : hex("identification", seen, model, Ipv4.ID, 2);
    return found != null ? found : hex("fragmentation", seen, model, Ipv4.FRAGMENT, 2);
  }

  private static FieldDifference transport(FrameBytes seen, FrameBytes model) {
    if (seen.length != model.length) {
      return new FieldDifference("length", "" + seen.length, "" + model.length);
    }
    if (seen.protocol != Protocols.TCP || seen.fragmentOffset != 0) {
      return null;
    }
    int at = seen.transport;
    FieldDifference found = number("TCP sequence", seen, model, at + Tcp.SEQUENCE, 4);
    found =
        found != null
            ? found
            : number("TCP acknowledgment", seen, model, at + Tcp.ACKNOWLEDGMENT, 4);
    found = found != null ? found : hex("TCP flags", seen, model, at + Tcp.DATA_OFFSET, 2);
    found = found != null ? found : number("TCP window", seen, model, at + Tcp.WINDOW, 2);
    int options = (int) (value(seen, at + Tcp.DATA_OFFSET, 1) >> 4) * 4 - Tcp.MIN_LENGTH;
    return found != null || options <= 0
        ? found
        : hex("TCP options", seen, model, at + Tcp.MIN_LENGTH, options);
  }

  private static boolean hasPorts(FrameBytes f) {
    boolean known =
        switch (f.protocol) {
          case Protocols.TCP, Protocols.UDP, Protocols.UDPLITE, Protocols.SCTP -> true;
          default -> false;
        };
    return known && f.fragmentOffset == 0 && f.transport + PORTS <= f.head.length;
  }

  private static int checksumAt(int protocol) {
    return switch (protocol) {
      case Protocols.TCP -> Tcp.CHECKSUM;
      case Protocols.UDP, Protocols.UDPLITE -> Udp.CHECKSUM;
      case Protocols.ICMP, Protocols.ICMPV6 -> 2;
      default -> -1;
    };
  }

  private static FieldDifference number(
      String field, FrameBytes seen, FrameBytes model, int at, int bytes) {
    long a = value(seen, at, bytes);
    long b = value(model, at, bytes);
    return a == b ? null : new FieldDifference(field, "" + a, "" + b);
  }

  private static FieldDifference hex(
      String field, FrameBytes seen, FrameBytes model, int at, int bytes) {
    String a = hex(seen, at, bytes);
    String b = hex(model, at, bytes);
    return a.equals(b) ? null : new FieldDifference(field, a, b);
  }

  private static String hex(FrameBytes f, int at, int bytes) {
    int from = Math.min(at, f.head.length);
    int to = Math.min(at + bytes, f.head.length);
    return HexFormat.of().formatHex(Arrays.copyOfRange(f.head, from, to));
  }

  private static long value(FrameBytes f, int at, int bytes) {
    long value = 0;
    for (int i = at; i < at + bytes; i++) {
      value = value << 8 | (i < f.head.length ? f.head[i] & 0xff : 0);
    }
    return value;
  }

  private static String address(FrameBytes f, int at) {
    return f.ipv6
        ? AddressText.of(true, Bytes.i64(f.head, at), Bytes.i64(f.head, at + 8))
        : AddressText.of(false, 0, Bytes.u32(f.head, at));
  }

  private static String mac(long mac) {
    return HexFormat.ofDelimiter(":")
        .formatHex(
            new byte[] {
              (byte) (mac >> 40), (byte) (mac >> 32), (byte) (mac >> 24),
              (byte) (mac >> 16), (byte) (mac >> 8), (byte) mac
            });
  }

  /** Whether the source is an address of the host. */
  static boolean isFromHost(FrameBytes f, Host host) {
    return f.ipv6
        ? host.hasAddress(true, Bytes.i64(f.head, Ipv6.SOURCE), Bytes.i64(f.head, Ipv6.SOURCE + 8))
        : host.hasAddress(false, 0, Bytes.u32(f.head, Ipv4.SOURCE));
  }

  /** Addresses and ports in words: {@code a:1 -> b:2}. */
  static String ends(FrameBytes f) {
    int source = f.ipv6 ? Ipv6.SOURCE : Ipv4.SOURCE;
    int destination = f.ipv6 ? Ipv6.DESTINATION : Ipv4.DESTINATION;
    boolean ports = hasPorts(f);
    String from = end(f, address(f, source), ports ? value(f, f.transport, 2) : -1);
    String to = end(f, address(f, destination), ports ? value(f, f.transport + 2, 2) : -1);
    return from + " -> " + to;
  }

  private static String end(FrameBytes f, String address, long port) {
    return port < 0 ? address : (f.ipv6 ? "[" + address + "]" : address) + ":" + port;
  }
}
