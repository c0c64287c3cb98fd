package org.fwreplay.packet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds packets for tests, with right lengths and checksums:
 *
 * <pre>{@code
 * Packet syn = Packets.tcp("192.0.2.1:1000", "198.51.100.2:80").flags(Tcp.SYN).build();
 * Packet ping = Packets.icmp("2001:db8::1", "2001:db8::2", 128, 0).ttl(1).build();
 * }</pre>
 *
 * <p>The addresses decide about the family; an IPv6 address with a port stands in brackets. A
 * packet begins with an Ethernet header, so that its IP header is at offset 14.
 */
public final class Packets {
  private static final int ETHERNET_LENGTH = 14;

  private record ExtensionHeader(int type, byte[] content) {}

  private final byte[] source;
  private final byte[] destination;
  private final int protocol;
  private final List<ExtensionHeader> extensionHeaders = new ArrayList<>();
  private byte[] header;
  private byte[] payload = {};
  private byte[] ipOptions = {};
  private byte[] sourceMac = {2, 0, 0, 0, 0, 1};
  private byte[] destinationMac = {2, 0, 0, 0, 0, 2};
  private int ttl = 64;
  private int tos;
  private int id;
  private boolean dontFragment;
  private boolean moreFragments;
  private int fragmentOffset;
  private boolean fragment;
  private int cut = -1;
  private int in = -1;
  private int out = -1;
  private int mark;
  private long timeNs;

  private Packets(String from, String to, int protocol, byte[] header) {
    source = address(from);
    destination = address(to);
    if (source.length != destination.length) {
      throw new IllegalArgumentException(from + " and " + to + " are of two families");
    }
    this.protocol = protocol;
    this.header = header;
  }

  /** A TCP segment with flag ACK; both ends as {@code ADDRESS:PORT}. */
  public static Packets tcp(String from, String to) {
    byte[] header = ports(from, to, Tcp.MIN_LENGTH);
    header[Tcp.DATA_OFFSET] = 5 << 4;
    Bytes.put16(header, Tcp.WINDOW, 0xffff);
    return new Packets(host(from), host(to), Protocols.TCP, header).flags(Tcp.ACK);
  }

  /** A UDP datagram; both ends as {@code ADDRESS:PORT}. */
  public static Packets udp(String from, String to) {
    return new Packets(host(from), host(to), Protocols.UDP, ports(from, to, Udp.LENGTH));
  }

  /** An ICMP or ICMPv6 message with id 1 and sequence number 1, if it has these. */
  public static Packets icmp(String from, String to, int type, int code) {
    byte[] header = {(byte) type, (byte) code, 0, 0, 0, 1, 0, 1};
    int protocol = from.indexOf(':') < 0 ? Protocols.ICMP : Protocols.ICMPV6;
    return new Packets(from, to, protocol, header);
  }

  /** A packet of any protocol; all that follows the IP header is {@link #payload}. */
  public static Packets ip(String from, String to, int protocol) {
    return new Packets(from, to, protocol, new byte[0]);
  }

  private static byte[] ports(String from, String to, int length) {
    byte[] header = new byte[length];
    Bytes.put16(header, 0, port(from));
    Bytes.put16(header, 2, port(to));
    return header;
  }

  private static String host(String end) {
    String host = end.substring(0, end.lastIndexOf(':'));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(String end) {
    return Integer.parseInt(end.substring(end.lastIndexOf(':') + 1));
  }

  private static byte[] address(String text) {
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text + " is not an address", e);
    }
  }

  /** TCP flags, such as {@code Tcp.SYN | Tcp.ACK}. */
  public Packets flags(int flags) {
    Bytes.put8(header, Tcp.FLAGS, flags);
    return this;
  }

  /** TCP sequence number. */
  public Packets sequence(long sequence) {
    Bytes.put32(header, Tcp.SEQUENCE, (int) sequence);
    return this;
  }

  /** TCP acknowledgment number; sets flag ACK. */
  public Packets acknowledgment(long acknowledgment) {
    Bytes.put32(header, Tcp.ACKNOWLEDGMENT, (int) acknowledgment);
    return flags(Bytes.u8(header, Tcp.FLAGS) | Tcp.ACK);
  }

  /** TCP window. */
  public Packets window(int window) {
    Bytes.put16(header, Tcp.WINDOW, window);
    return this;
  }

  /** TCP options, byte for byte; padded with zeros to a multiple of four. */
  public Packets options(int... options) {
    header = Arrays.copyOf(header, Tcp.MIN_LENGTH + (options.length + 3 & ~3));
    for (int i = 0; i < options.length; i++) {
      header[Tcp.MIN_LENGTH + i] = (byte) options[i];
    }
    return dataOffset(header.length / 4);
  }

  /** TCP data offset in words of four bytes, even a wrong one. */
  public Packets dataOffset(int words) {
    Bytes.put8(header, Tcp.DATA_OFFSET, words << 4);
    return this;
  }

  /** The second half of an ICMP header: id and sequence number. */
  public Packets icmpId(int icmpId, int sequence) {
    Bytes.put16(header, Icmp.ID, icmpId);
    Bytes.put16(header, Icmp.SEQUENCE, sequence);
    return this;
  }

  /** What follows the transport header. */
  public Packets payload(byte... bytes) {
    payload = bytes.clone();
    return this;
  }

  /** What follows the transport header, one byte a char. */
  public Packets payload(String text) {
    return payload(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A packet quoted as the payload, from its IP header on, as ICMP errors do. */
  public Packets payload(Packet quoted) {
    return payload(Arrays.copyOfRange(quoted.buffer, quoted.network, quoted.end));
  }

  /** IPv4's TTL or IPv6's hop limit. */
  public Packets ttl(int value) {
    ttl = value;
    return this;
  }

  /** IPv4's TOS byte or IPv6's traffic class. */
  public Packets tos(int value) {
    tos = value;
    return this;
  }

  /** IPv4's identification, or that of IPv6's fragment header. */
  public Packets id(int value) {
    id = value;
    return this;
  }

  /** IPv4's flag DF. */
  public Packets dontFragment() {
    dontFragment = true;
    return this;
  }

  /**
   * Makes it a fragment; the transport header is left out where the offset is not 0.
   *
   * @param offset in bytes, a multiple of eight
   */
  public Packets fragment(int offset, boolean more) {
    fragment = true;
    fragmentOffset = offset;
    moreFragments = more;
    return this;
  }

  /** IPv4 options, byte for byte; padded with zeros to a multiple of four. */
  public Packets ipOptions(int... options) {
    ipOptions = new byte[options.length + 3 & ~3];
    for (int i = 0; i < options.length; i++) {
      ipOptions[i] = (byte) options[i];
    }
    return this;
  }

  /**
   * An IPv6 extension header, behind those there are.
   *
   * @param content all bytes behind next header and length; padded with zeros to a multiple of
   *     eight
   */
  public Packets extensionHeader(int type, int... content) {
    byte[] bytes = new byte[(content.length + 2 + 7 & ~7) - 2];
    for (int i = 0; i < content.length; i++) {
      bytes[i] = (byte) content[i];
    }
    extensionHeaders.add(new ExtensionHeader(type, bytes));
    return this;
  }

  /** Link addresses, as {@code 02:00:00:00:00:01}. */
  public Packets ethernet(String from, String to) {
    sourceMac = mac(from);
    destinationMac = mac(to);
    return this;
  }

  private static byte[] mac(String text) {
    String[] parts = text.split(":");
    byte[] mac = new byte[6];
    for (int i = 0; i < mac.length; i++) {
      mac[i] = (byte) Integer.parseInt(parts[i], 16);
    }
    return mac;
  }

  /** Makes the packet end so many bytes behind the beginning of its IP header. */
  public Packets cutTo(int length) {
    cut = length;
    return this;
  }

  /** Interface ids, -1 for none. */
  public Packets interfaces(int inId, int outId) {
    in = inId;
    out = outId;
    return this;
  }

  /** The packet's mark. */
  public Packets mark(int value) {
    mark = value;
    return this;
  }

  /** When it is seen, in seconds. */
  public Packets at(double seconds) {
    timeNs = Math.round(seconds * 1e9);
    return this;
  }

  /** The packet, as the decoder would present it. */
  public Packet build() {
    boolean six = source.length == 16;
    Packet packet = new Packet();
    packet.reset();
    packet.ipv6 = six;
    packet.mac = 0;
    packet.network = ETHERNET_LENGTH;
    packet.protocol = protocol;
    packet.fragmentOffset = fragmentOffset;
    packet.moreFragments = moreFragments;
    packet.in = in;
    packet.out = out;
    packet.mark = mark;
    packet.timeNs = timeNs;
    byte[] transport = transport();
    byte[] ip = six ? header6(transport.length) : header4(transport.length);
    packet.transport = ETHERNET_LENGTH + ip.length;
    packet.end = packet.transport + transport.length;
    packet.buffer = new byte[packet.end];
    byte[] b = packet.buffer;
    System.arraycopy(destinationMac, 0, b, 0, 6);
    System.arraycopy(sourceMac, 0, b, 6, 6);
    Bytes.put16(b, 12, six ? 0x86dd : 0x0800);
    System.arraycopy(ip, 0, b, packet.network, ip.length);
    System.arraycopy(transport, 0, b, packet.transport, transport.length);
    if (!fragment) {
      checksum(packet);
    }
    if (cut >= 0) {
      packet.end = packet.network + cut;
    }
    return packet;
  }

  private byte[] transport() {
    byte[] head = fragmentOffset == 0 ? header.clone() : new byte[0];
    if (protocol == Protocols.UDP && head.length > 0) {
      Bytes.put16(head, Udp.UDP_LENGTH, head.length + payload.length);
    }
    byte[] both = Arrays.copyOf(head, head.length + payload.length);
    System.arraycopy(payload, 0, both, head.length, payload.length);
    return both;
  }

  private byte[] header4(int length) {
    byte[] b = new byte[Ipv4.MIN_LENGTH + ipOptions.length];
    b[0] = (byte) (0x40 | b.length / 4);
    b[Ipv4.TOS] = (byte) tos;
    Bytes.put16(b, Ipv4.TOTAL_LENGTH, b.length + length);
    Bytes.put16(b, Ipv4.ID, id);
    int flags = (dontFragment ? Ipv4.DF : 0) | (moreFragments ? Ipv4.MF : 0);
    Bytes.put16(b, Ipv4.FRAGMENT, flags | fragmentOffset / 8);
    b[Ipv4.TTL] = (byte) ttl;
    b[Ipv4.PROTOCOL] = (byte) protocol;
    System.arraycopy(source, 0, b, Ipv4.SOURCE, 4);
    System.arraycopy(destination, 0, b, Ipv4.DESTINATION, 4);
    System.arraycopy(ipOptions, 0, b, Ipv4.MIN_LENGTH, ipOptions.length);
    Checksums.ipv4Header(b, 0);
    return b;
  }

  private byte[] header6(int length) {
    List<ExtensionHeader> chain = new ArrayList<>(extensionHeaders);
    if (fragment) {
      byte[] content = new byte[6];
      Bytes.put16(content, 0, fragmentOffset | (moreFragments ? 1 : 0));
      Bytes.put32(content, 2, id);
      chain.add(new ExtensionHeader(Protocols.FRAGMENT, content));
    }
    int size = Ipv6.LENGTH + chain.stream().mapToInt(h -> h.content.length + 2).sum();
    byte[] b = new byte[size];
    Bytes.put16(b, 0, 0x6000 | tos << 4);
    Bytes.put16(b, Ipv6.PAYLOAD_LENGTH, size - Ipv6.LENGTH + length);
    b[Ipv6.HOP_LIMIT] = (byte) ttl;
    System.arraycopy(source, 0, b, Ipv6.SOURCE, 16);
    System.arraycopy(destination, 0, b, Ipv6.DESTINATION, 16);
    int nextHeader = Ipv6.NEXT_HEADER;
    int at = Ipv6.LENGTH;
    for (ExtensionHeader each : chain) {
      b[nextHeader] = (byte) each.type;
      nextHeader = at;
      int total = each.content.length + 2;
      boolean counted = each.type != Protocols.FRAGMENT;
      b[at + 1] = (byte) (each.type == Protocols.AH ? total / 4 - 2 : counted ? total / 8 - 1 : 0);
      System.arraycopy(each.content, 0, b, at + 2, each.content.length);
      at += total;
    }
    b[nextHeader] = (byte) protocol;
    return b;
  }

  private void checksum(Packet packet) {
    int field =
        switch (protocol) {
          case Protocols.TCP -> Tcp.CHECKSUM;
          case Protocols.UDP -> Udp.CHECKSUM;
          case Protocols.ICMP, Protocols.ICMPV6 -> Icmp.CHECKSUM;
          default -> -1;
        };
    int length = packet.end - packet.transport;
    if (field < 0 || length < field + 2 || header.length == 0) {
      return;
    }
    long start = protocol == Protocols.ICMP ? 0 : Checksums.pseudo(packet, protocol, length);
    int sum = Checksums.finish(Checksums.sum(packet.buffer, packet.transport, length, start));
    boolean zeroMeansNone = protocol == Protocols.UDP && sum == 0;
    Bytes.put16(packet.buffer, packet.transport + field, zeroMeansNone ? 0xffff : sum);
  }
}
