package org.fwreplay.hook;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;

/**
 * Makes packets from words, such as {@code tcp 192.168.1.10:1000 > 198.51.100.7:80 S seq 5}; the
 * form is that of captures/lab/cases.py.
 */
final class PacketWords {
  static final String FLAGS = "FSRP.UEW";
  private static final Pattern WORD = Pattern.compile("<[^>]*>|\\(|\\)|[^\\s()]+");
  private static final int IPV6_FRAGMENT_HEADERS = 48;
  private static final int IPV4_HEADER = 20;

  private final Deque<String> words = new ArrayDeque<>();

  private PacketWords(String text) {
    Matcher m = WORD.matcher(text);
    while (m.find()) {
      words.add(m.group());
    }
  }

  /** The packets that the words describe; several where they say that it is cut into fragments. */
  static List<Packet> build(String text) {
    return new PacketWords(text).build();
  }

  /** What was said besides protocol and ends. */
  private static final class Said {
    final Map<String, Integer> numbers = new HashMap<>(Map.of("win", 0xffff, "ttl", 64));
    final List<String> marks = new ArrayList<>();
    int[] options = {};
    int[] ipOptions = {};
    byte[] quoted;
    int second;

    int number(String word) {
      return numbers.getOrDefault(word, 0);
    }
  }

  private List<Packet> build() {
    String kind = words.poll();
    String from = words.poll();
    words.poll(); // >
    String to = words.poll();
    boolean ipv6 = from.indexOf(':') != from.lastIndexOf(':');
    String selector = kind.equals("tcp") || kind.equals("icmp") ? words.poll() : "";
    Said said = listen(ipv6);
    Packets p =
        switch (kind) {
          case "tcp" ->
              Packets.tcp(from, to)
                  .options(said.options)
                  .sequence(said.number("seq"))
                  .acknowledgment(said.number("ack") & 0xffffffffL)
                  .window(said.number("win"))
                  .flags(flags(selector));
          case "udp" -> Packets.udp(from, to);
          case "icmp" -> icmp(from, to, selector, said);
          default -> Packets.ip(from, to, Integer.parseInt(kind));
        };
    p.ttl(said.number("ttl")).tos(said.number("tos")).id(77).ipOptions(said.ipOptions);
    p.payload(said.quoted == null ? payload(said.number("len")) : said.quoted);
    if (said.marks.contains("df")) {
      p.dontFragment();
    }
    if (said.numbers.containsKey("frag")) {
      p.fragment(said.number("frag"), said.marks.contains("more"));
    }
    Packet packet = p.build();
    spoil(packet, kind, said.marks);
    return said.numbers.containsKey("cut") ? cut(packet, from, to, said) : List.of(packet);
  }

  private Said listen(boolean ipv6) {
    Said said = new Said();
    while (!words.isEmpty() && !words.peek().equals(")")) {
      String word = words.poll();
      switch (word) {
        case "frag" -> {
          String offset = words.poll();
          if (offset.endsWith("+")) {
            said.marks.add("more");
          }
          said.numbers.put("frag", number(offset.replace("+", "")));
        }
        case "ipopts" -> said.ipOptions = unsigned(HexFormat.of().parseHex(words.poll()));
        case "mtu" -> said.second = number(words.poll());
        case "ptr" -> said.second = number(words.poll()) << (ipv6 ? 0 : 24);
        case "gw" -> said.second = address(words.poll());
        case "(" -> {
          Packet quoted = build().get(0);
          words.poll();
          said.quoted = Arrays.copyOfRange(quoted.buffer, quoted.network, quoted.end);
        }
        case "of" -> said.quoted = Arrays.copyOf(said.quoted, number(words.poll()));
        case "df", "badsum", "nosum" -> said.marks.add(word);
        default -> {
          if (word.startsWith("<")) {
            said.options = options(word.substring(1, word.length() - 1));
          } else {
            said.numbers.put(word, number(words.poll()));
          }
        }
      }
    }
    return said;
  }

  private static int number(String text) {
    return Long.decode(text).intValue();
  }

  private static int address(String text) {
    try {
      return Bytes.i32(InetAddress.getByName(text).getAddress(), 0);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static int[] unsigned(byte[] bytes) {
    int[] values = new int[bytes.length];
    Arrays.setAll(values, i -> bytes[i] & 0xff);
    return values;
  }

  private static int flags(String text) {
    int flags = 0;
    for (char c : text.toCharArray()) {
      flags |= c == '0' ? 0 : 1 << FLAGS.indexOf(c);
    }
    return flags;
  }

  private static Packets icmp(String from, String to, String kind, Said said) {
    String[] parts = kind.split("/");
    Packets p = Packets.icmp(from, to, number(parts[0]), number(parts[1]));
    return said.second != 0
        ? p.icmpId(said.second >>> 16, said.second & 0xffff)
        : p.icmpId(said.number("id"), said.number("seq"));
  }

  private static int[] options(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String option : text.split(",")) {
      String[] parts = option.split(" ");
      switch (parts[0]) {
        case "mss" -> {
          out.writeBytes(new byte[] {2, 4, (byte) (number(parts[1]) >> 8)});
          out.write(number(parts[1]));
        }
        case "wscale" -> out.writeBytes(new byte[] {3, 3, (byte) number(parts[1])});
        case "sackOK" -> out.writeBytes(new byte[] {4, 2});
        case "nop" -> out.write(1);
        default -> throw new IllegalArgumentException(option);
      }
    }
    return unsigned(out.toByteArray());
  }

  private static byte[] payload(int length) {
    byte[] payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = (byte) i;
    }
    return payload;
  }

  private static void spoil(Packet packet, String kind, List<String> marks) {
    int field =
        packet.transport
            + switch (kind) {
              case "tcp" -> Tcp.CHECKSUM;
              case "udp" -> Udp.CHECKSUM;
              default -> 2;
            };
    if (marks.contains("badsum")) {
      Bytes.put16(packet.buffer, field, packet.u16(field) ^ 0x5555);
    } else if (marks.contains("nosum")) {
      Bytes.put16(packet.buffer, field, 0);
    }
  }

  private static List<Packet> cut(Packet whole, String from, String to, Said said) {
    int headers =
        whole.ipv6 ? IPV6_FRAGMENT_HEADERS : IPV4_HEADER + (said.ipOptions.length + 3 & ~3);
    int room = said.number("cut") - headers & ~7;
    int length = whole.end - whole.transport;
    List<Packet> pieces = new ArrayList<>();
    for (int at = 0; at < length; at += room) {
      int end = Math.min(length, at + room);
      byte[] piece = Arrays.copyOfRange(whole.buffer, whole.transport + at, whole.transport + end);
      pieces.add(
          Packets.ip(host(from), host(to), whole.protocol)
              .ttl(said.number("ttl"))
              .tos(said.number("tos"))
              .id(77)
              .ipOptions(said.ipOptions)
              .fragment(at, end < length)
              .payload(piece)
              .build());
    }
    return pieces;
  }

  private static String host(String end) {
    if (end.startsWith("[")) {
      return end.substring(1, end.indexOf(']'));
    }
    return end.indexOf(':') == end.lastIndexOf(':') ? end.split(":")[0] : end;
  }
}
