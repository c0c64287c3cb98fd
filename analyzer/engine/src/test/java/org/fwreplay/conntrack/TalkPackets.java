package org.fwreplay.conntrack;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;

/** The packets of a {@link Talk}: made from words. */
final class TalkPackets {
  private static final Pattern SEGMENT =
      Pattern.compile(
          "(?<flags>\\S+) (?<seq>\\d+):\\d+\\((?<len>\\d+)\\)(?: ack (?<ack>\\d+))?"
              + "(?: win (?<win>\\d+))?(?: <(?<options>[^>]*)>)?(?<bad> badsum)?");
  private static final Map<String, Long> ISN = Map.of("client", 0xfffff000L, "server", 1000L);
  private static final String FLAGS = "FSRP.UEC";
  private static final List<String> CHUNKS =
      List.of(
          "DATA",
          "INIT",
          "INIT_ACK",
          "SACK",
          "HEARTBEAT",
          "HEARTBEAT_ACK",
          "ABORT",
          "SHUTDOWN",
          "SHUTDOWN_ACK",
          "ERROR",
          "COOKIE_ECHO",
          "COOKIE_ACK",
          "ECNE",
          "CWR",
          "SHUTDOWN_COMPLETE");
  private static final int LONGEST_QUOTE = 200;
  private static final Map<String, String> HOSTS4 =
      Map.of(
          "client", "192.168.1.10",
          "server", "198.51.100.7",
          "router", "198.51.100.1",
          "other", "192.168.1.11");
  private static final Map<String, String> HOSTS6 =
      Map.of(
          "client", "2001:db8:1::10",
          "server", "2001:db8:9::7",
          "router", "2001:db8:9::1",
          "other", "2001:db8:1::11");

  /** What IPv4's errors are in IPv6, as TYPE/CODE. */
  private static final Map<String, String> ERRORS6 =
      Map.of("3/1", "1/3", "3/3", "1/4", "3/4", "2/0", "11/0", "3/0");

  private final boolean ipv6;
  private final Map<String, String> hosts;
  private final Map<String, Packet> last = new HashMap<>();

  TalkPackets(boolean ipv6) {
    this.ipv6 = ipv6;
    hosts = ipv6 ? HOSTS6 : HOSTS4;
  }

  private static String peerOf(String who) {
    return who.equals("client") ? "server" : "client";
  }

  /** The packet that the client or the server sends. */
  Packet of(String who, String what) {
    Packet packet = make(who, what).build();
    if (what.endsWith("badsum")) {
      packet.buffer[packet.transport + Tcp.CHECKSUM] ^= 0x55;
    }
    last.put(who, packet);
    return packet;
  }

  private Packets make(String who, String what) {
    String peer = peerOf(who);
    Matcher m = SEGMENT.matcher(what);
    if (m.matches()) {
      return segment(who, m);
    }
    String[] words = what.split(" ");
    return switch (words[0]) {
      case "udp" -> Packets.udp(end(who), end(peer)).payload(new byte[number(words[1])]);
      case "ping" -> echo(who, ipv6 ? 128 : 8);
      case "pong" -> echo(who, ipv6 ? 129 : 0);
      case "gre" -> ip(who, Protocols.GRE).payload(new byte[] {0, 0, 8, 0, 0, 0, 0, 0});
      case "proto" -> ip(who, number(words[1])).payload(new byte[8]);
      case "sctp" -> ip(who, Protocols.SCTP).payload(sctp(who, words));
      case "error" -> error(who, words);
      default -> throw new IllegalArgumentException(what);
    };
  }

  private String end(String who) {
    String host = ipv6 ? "[" + hosts.get(who) + "]" : hosts.get(who);
    return host + ":" + port(who);
  }

  private static int port(String who) {
    return who.equals("client") ? 20001 : 8080;
  }

  private Packets ip(String who, int protocol) {
    return Packets.ip(hosts.get(who), hosts.get(peerOf(who)), protocol);
  }

  private Packets echo(String who, int type) {
    return Packets.icmp(hosts.get(who), hosts.get(peerOf(who)), type, 0).icmpId(77, 1);
  }

  private Packets segment(String who, Matcher m) {
    int flags = 0;
    for (char c : m.group("flags").toCharArray()) {
      int bit = FLAGS.indexOf(c);
      flags |= bit < 0 ? 0 : 1 << bit;
    }
    Packets p =
        Packets.tcp(end(who), end(peerOf(who)))
            .options(options(m.group("options"), ISN.get(peerOf(who))))
            .sequence(ISN.get(who) + number(m.group("seq")))
            .window(m.group("win") == null ? 0xffff : number(m.group("win")))
            .payload(new byte[number(m.group("len"))]);
    if (m.group("ack") != null) {
      p.acknowledgment(ISN.get(peerOf(who)) + number(m.group("ack")));
    }
    return p.flags(flags);
  }

  private static int[] options(String text, long acknowledged) {
    if (text == null) {
      return new int[0];
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String option : text.split(",")) {
      String[] words = option.split(" ");
      switch (words[0]) {
        case "mss" -> put(out, 2, 4, number(words[1]) >> 8, number(words[1]));
        case "wscale" -> put(out, 3, 3, number(words[1]));
        case "sackOK" -> put(out, 4, 2);
        case "nop" -> put(out, 1);
        case "sack" -> {
          put(out, 5, 2 + 8 * (words.length - 1));
          for (String block : List.of(words).subList(1, words.length)) {
            for (String edge : block.split(":")) {
              long value = acknowledged + number(edge);
              put(out, (int) (value >> 24), (int) (value >> 16), (int) (value >> 8), (int) value);
            }
          }
        }
        default -> throw new IllegalArgumentException(option);
      }
    }
    byte[] bytes = out.toByteArray();
    int[] options = new int[bytes.length];
    Arrays.setAll(options, i -> bytes[i] & 0xff);
    return options;
  }

  private static void put(ByteArrayOutputStream out, int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
  }

  private byte[] sctp(String who, String[] words) {
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    for (String chunk : List.of(words).subList(2, words.length)) {
      chunks.writeBytes(chunk(chunk));
    }
    byte[] bytes = new byte[SctpTracker.HEADER_LENGTH + chunks.size()];
    Bytes.put16(bytes, 0, port(who));
    Bytes.put16(bytes, 2, port(peerOf(who)));
    Bytes.put32(bytes, 4, number(words[1]));
    System.arraycopy(chunks.toByteArray(), 0, bytes, SctpTracker.HEADER_LENGTH, chunks.size());
    Packet packet = ip(who, Protocols.SCTP).payload(bytes).build();
    SctpTracker.writeChecksum(packet);
    return Arrays.copyOfRange(packet.buffer, packet.transport, packet.end);
  }

  private static byte[] chunk(String text) {
    String[] parts = text.split("=");
    boolean flagged = parts[0].endsWith("/T");
    String name = flagged ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
    int length =
        switch (name) {
          case "INIT", "INIT_ACK" -> 20;
          case "DATA" -> 16;
          default -> 8;
        };
    byte[] chunk = new byte[length];
    chunk[0] = (byte) CHUNKS.indexOf(name);
    chunk[1] = (byte) (flagged ? 1 : 0);
    Bytes.put16(chunk, 2, length);
    if (parts.length > 1) {
      Bytes.put32(chunk, 4, number(parts[1]));
    }
    return chunk;
  }

  private Packets error(String who, String[] words) {
    String from = who.equals("server") ? "router" : who;
    String to = peerOf(who);
    for (int i = 2; i < words.length; i += 2) {
      if (words[i].equals("from")) {
        from = words[i + 1];
      } else {
        to = words[i + 1];
      }
    }
    String[] kind = (ipv6 ? ERRORS6.get(words[1]) : words[1]).split("/");
    Packet cause = last.get(peerOf(who));
    int end = Math.min(cause.end, cause.network + LONGEST_QUOTE);
    return Packets.icmp(hosts.get(from), hosts.get(to), number(kind[0]), number(kind[1]))
        .icmpId(0, 0)
        .payload(Arrays.copyOfRange(cause.buffer, cause.network, end));
  }

  private static int number(String text) {
    return (int) Long.parseLong(text);
  }
}
