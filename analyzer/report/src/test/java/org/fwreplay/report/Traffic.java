package org.fwreplay.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.fwreplay.capture.LinkLayer;
import org.fwreplay.capture.PcapWriter;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.PacketBuilder;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;
import org.fwreplay.replay.ReplayInput;

/**
 * Captures of made-up IPv4 and IPv6 packets, raw IP, one file an interface:
 *
 * <pre>{@code
 * traffic.at(0, "lan").udp("192.168.1.2:1000", "198.51.100.1:53", query);
 * }</pre>
 */
public final class Traffic {
  private static final long MILLI_NS = 1_000_000L;
  private static final long START_NS = 1_700_000_000L * 1000 * MILLI_NS;

  private record Frame(String interfaceName, long timeNs, byte[] bytes) {}

  private final List<Frame> frames = new ArrayList<>();
  private String interfaceName;
  private long timeNs;

  /** What follows arrives at an interface, so many milliseconds after the start. */
  public Traffic at(long millis, String arrivesAt) {
    interfaceName = arrivesAt;
    timeNs = START_NS + millis * MILLI_NS;
    return this;
  }

  /** A UDP datagram; both ends as {@code ADDRESS:PORT} or {@code [ADDRESS]:PORT}. */
  public Traffic udp(String from, String to, byte[] payload) {
    Packet p = start(host(from), host(to), Protocols.UDP, Udp.LENGTH + payload.length);
    ports(p, from, to);
    Bytes.put16(p.buffer, p.transport + Udp.UDP_LENGTH, Udp.LENGTH + payload.length);
    System.arraycopy(payload, 0, p.buffer, p.transport + Udp.LENGTH, payload.length);
    PacketBuilder.transportChecksum(p, Udp.CHECKSUM);
    return add(p);
  }

  /** A UDP datagram of four bytes. */
  public Traffic udp(String from, String to) {
    return udp(from, to, new byte[4]);
  }

  /** A TCP segment without data; sequence numbers are the caller's. */
  public Traffic tcp(String from, String to, int flags, int sequence, int ack) {
    Packet p = start(host(from), host(to), Protocols.TCP, Tcp.MIN_LENGTH);
    ports(p, from, to);
    Bytes.put32(p.buffer, p.transport + Tcp.SEQUENCE, sequence);
    Bytes.put32(p.buffer, p.transport + Tcp.ACKNOWLEDGMENT, ack);
    p.buffer[p.transport + Tcp.DATA_OFFSET] = 5 << 4;
    p.buffer[p.transport + Tcp.FLAGS] = (byte) flags;
    Bytes.put16(p.buffer, p.transport + Tcp.WINDOW, 0xffff);
    Bytes.put32(p.buffer, p.transport + Tcp.CHECKSUM, 0);
    PacketBuilder.transportChecksum(p, Tcp.CHECKSUM);
    return add(p);
  }

  /** An ICMP error about the packet that came last. */
  public Traffic icmpAboutTheLast(String from, String to, int type, int code) {
    byte[] last = frames.get(frames.size() - 1).bytes();
    Packet p = start(from, to, Protocols.ICMP, 8 + last.length);
    Bytes.put32(p.buffer, p.transport, type << 24 | code << 16);
    Bytes.put32(p.buffer, p.transport + 4, 0);
    System.arraycopy(last, 0, p.buffer, p.transport + 8, last.length);
    PacketBuilder.transportChecksum(p, 2);
    return add(p);
  }

  private static Packet start(String from, String to, int protocol, int length) {
    Packet p = new Packet();
    byte[] source = address(from);
    byte[] destination = address(to);
    if (source.length == 4) {
      long src = ByteBuffer.wrap(source).getInt();
      long dst = ByteBuffer.wrap(destination).getInt();
      PacketBuilder.ipv4(p, 0, 1, true, 64, protocol, src, dst, length);
    } else {
      ByteBuffer src = ByteBuffer.wrap(source);
      ByteBuffer dst = ByteBuffer.wrap(destination);
      PacketBuilder.ipv6(p, 0, 64, protocol, length);
      PacketBuilder.ipv6Addresses(p, src.getLong(), src.getLong(), dst.getLong(), dst.getLong());
    }
    return p;
  }

  private static void ports(Packet p, String from, String to) {
    Bytes.put16(p.buffer, p.transport, port(from));
    Bytes.put16(p.buffer, p.transport + 2, port(to));
  }

  private Traffic add(Packet p) {
    byte[] bytes = java.util.Arrays.copyOfRange(p.buffer, p.network, p.end);
    frames.add(new Frame(interfaceName, timeNs, bytes));
    return this;
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
      throw new IllegalArgumentException(text, e);
    }
  }

  /** A DNS query for a name, type A. */
  public static byte[] dnsQuery(String name) {
    ByteBuffer message = ByteBuffer.allocate(512).putShort((short) 7).putShort((short) 0x100);
    message.putShort((short) 1).putShort((short) 0).putInt(0);
    for (String label : name.split("\\.")) {
      message.put((byte) label.length()).put(label.getBytes(StandardCharsets.ISO_8859_1));
    }
    message.put((byte) 0).putShort((short) 1).putShort((short) 1);
    return java.util.Arrays.copyOf(message.array(), message.position());
  }

  /** Writes the captures, and says how they are fed in. */
  public List<ReplayInput> write(Path dir) throws IOException {
    Files.createDirectories(dir);
    List<ReplayInput> inputs = new ArrayList<>();
    for (String name : frames.stream().map(Frame::interfaceName).distinct().toList()) {
      Path file = dir.resolve(name + ".pcap");
      try (PcapWriter writer = new PcapWriter(file, LinkLayer.RAW)) {
        for (Frame frame : frames) {
          if (frame.interfaceName().equals(name)) {
            writer.write(frame.timeNs(), frame.bytes(), 0, frame.bytes().length);
          }
        }
        writer.commit();
      }
      inputs.add(ReplayInput.at(name, file));
    }
    return inputs;
  }

  /** Writes all of it as one pcapng file, which names the interfaces. */
  public ReplayInput writePcapng(Path dir) throws IOException {
    Path file = Files.createDirectories(dir).resolve("all.pcapng");
    List<String> names = frames.stream().map(Frame::interfaceName).distinct().toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    block(out, 0x0a0d0d0a, block -> block.putInt(0x1a2b3c4d).putInt(1 << 16).putLong(-1));
    for (String name : names) {
      byte[] text = name.getBytes(StandardCharsets.UTF_8);
      block(
          out,
          1,
          block -> {
            block.putInt(LinkLayer.RAW << 16).putInt(0);
            padded(block.putShort((short) 2).putShort((short) text.length), text);
            block.putInt(0);
          });
    }
    for (Frame frame : frames) {
      long micros = frame.timeNs() / 1000;
      block(
          out,
          6,
          block -> {
            block.putInt(names.indexOf(frame.interfaceName()));
            block.putInt((int) (micros >> 32)).putInt((int) micros);
            block.putInt(frame.bytes().length).putInt(frame.bytes().length);
            padded(block, frame.bytes());
          });
    }
    Files.write(file, out.toByteArray());
    return ReplayInput.somewhere(file);
  }

  private static void padded(ByteBuffer block, byte[] bytes) {
    block.put(bytes).position(block.position() + (-bytes.length & 3));
  }

  private static void block(ByteArrayOutputStream out, int type, Consumer<ByteBuffer> body) {
    ByteBuffer block = ByteBuffer.allocate(1 << 16).putInt(type).putInt(0);
    body.accept(block);
    int length = block.position() + 4;
    block.putInt(length).putInt(4, length);
    out.write(block.array(), 0, length);
  }
}
