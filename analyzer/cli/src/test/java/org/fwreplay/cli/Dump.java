package org.fwreplay.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fwreplay.capture.CaptureReader;
import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.Captures;
import org.fwreplay.packet.Bytes;

/**
 * A folder of dumps, recorded from a kernel or exported by fwreplay, as text that can be compared:
 * what cannot be the same twice is left out or masked, exactly as captures/lab/compare.py does.
 */
record Dump(Path folder) {
  private static final Pattern NOT_COMPARED =
      Pattern.compile("(use|id|timeout|secctx|delta-time|labels)=.*");
  private static final Pattern COUNTERS = Pattern.compile("\\[\\d+:\\d+] ");
  private static final Pattern POLICY_COUNTERS = Pattern.compile("\\[\\d+:\\d+]$");
  private static final Pattern EVENT_TIME = Pattern.compile("^\\[\\s*[\\d.]+]\\s*");
  private static final int ETHERNET = 14;
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int FRAGMENT = 44;
  private static final int ICMPV6 = 58;
  private static final int RST = 4;

  /** Names of the interfaces of which there is a capture, {@code in} or {@code out}. */
  List<String> interfaces(String way) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(way + ".") && name.endsWith(".pcap"))
          .map(name -> name.substring(way.length() + 1, name.length() - 5))
          .sorted()
          .toList();
    }
  }

  /** The IP packets that left an interface, in hexadecimal, each with its link header. */
  List<String> left(String iface) throws IOException {
    List<String> packets = new ArrayList<>();
    try (CaptureReader reader = Captures.open(folder.resolve("out." + iface + ".pcap"))) {
      CaptureRecord record;
      while ((record = reader.next()) != null) {
        int from = record.offset;
        byte[] frame = Arrays.copyOfRange(record.buffer, from, from + record.length);
        String packet = masked(frame);
        if (packet != null) {
          packets.add(packet);
        }
      }
    }
    return packets;
  }

  private static String masked(byte[] frame) {
    int kind = Bytes.u16(frame, ETHERNET - 2);
    int length;
    if (kind == 0x0800) {
      length = Bytes.u16(frame, ETHERNET + 2);
      maskOwn4(frame, ETHERNET);
    } else if (kind == 0x86dd) {
      length = 40 + Bytes.u16(frame, ETHERNET + 4);
      if (isNeighbourTalk(frame, ETHERNET)) {
        return null;
      }
      maskOwn6(frame, ETHERNET);
    } else {
      return null;
    }
    HexFormat hex = HexFormat.of();
    return hex.formatHex(frame, 0, ETHERNET)
        + " "
        + hex.formatHex(frame, ETHERNET, ETHERNET + length);
  }

  /** An ICMP packet or a reset may be the firewall's own: without identification and checksum. */
  private static void maskOwn4(byte[] b, int ip) {
    boolean reset = b[ip + 9] == TCP && b.length > ip + 33 && (b[ip + 33] & RST) != 0;
    if (b[ip + 9] == ICMP || reset) {
      Bytes.put16(b, ip + 4, 0);
      Bytes.put16(b, ip + 10, 0);
    }
  }

  private static boolean isNeighbourTalk(byte[] b, int ip) {
    boolean multicastReport = b[ip + 6] == 0 && Bytes.u8(b, ip + 8) == 0xfe;
    int type = b.length > ip + 40 ? Bytes.u8(b, ip + 40) : 0;
    return multicastReport || b[ip + 6] == ICMPV6 && type >= 133 && type < 138;
  }

  /** Errors and resets without their flow label, fragments without the identification. */
  private static void maskOwn6(byte[] b, int ip) {
    boolean error = b[ip + 6] == ICMPV6 && b.length > ip + 40 && b[ip + 40] >= 0;
    boolean reset = b[ip + 6] == TCP && b.length > ip + 53 && (b[ip + 53] & RST) != 0;
    if (error || reset) {
      Bytes.put32(b, ip, Bytes.i32(b, ip) & 0xfff00000);
    }
    if (b[ip + 6] == FRAGMENT && b.length >= ip + 48) {
      Bytes.put32(b, ip + 44, 0);
    }
  }

  /**
   * A ruleset with all counters: its tables in the order of their names, each line with its table.
   */
  List<String> rules(String name) throws IOException {
    Map<String, List<String>> tables = new TreeMap<>();
    String table = "";
    for (String line : lines(name)) {
      if (line.startsWith("*")) {
        table = line.substring(1);
      } else if (line.startsWith(":") || line.startsWith("[")) {
        tables.computeIfAbsent(table, key -> new ArrayList<>()).add(table + " " + line);
      }
    }
    return tables.values().stream().flatMap(List::stream).toList();
  }

  /** The same ruleset as if it had just been loaded; empty where there is none. */
  String freshRules(String name) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line : lines(name)) {
      String fresh = COUNTERS.matcher(line).lookingAt() ? line.replaceFirst("^\\S+ ", "") : line;
      text.append(POLICY_COUNTERS.matcher(fresh).replaceFirst("[0:0]")).append('\n');
    }
    return text.toString();
  }

  /** Connections or expectations, without timeouts and the like, sorted. */
  List<String> connections(String name) throws IOException {
    return lines(name).stream()
        .filter(line -> line.contains("="))
        .map(Dump::flow)
        .sorted()
        .toList();
  }

  private static String flow(String line) {
    List<String> words = new ArrayList<>(List.of(line.split("\\s+")));
    if (words.get(0).startsWith("ipv")) {
      words.subList(0, 2).clear();
    }
    boolean expectation = words.get(1).startsWith("proto=");
    words.subList(expectation ? 0 : 1, expectation ? 1 : 3).clear();
    words.removeIf(word -> NOT_COMPARED.matcher(word).matches());
    return String.join(" ", words);
  }

  /**
   * Events of connections in their order, without their time, each with the seconds that the
   * connection had left; -1 where the event does not say.
   */
  List<Map.Entry<String, Integer>> events() throws IOException {
    return lines("events.txt").stream().map(Dump::event).toList();
  }

  private static Map.Entry<String, Integer> event(String line) {
    String text = EVENT_TIME.matcher(line).replaceFirst("");
    List<String> words = new ArrayList<>(List.of(text.split("\\s+")));
    words.removeIf(word -> NOT_COMPARED.matcher(word).matches());
    // [KIND] ipv4 2 tcp 6 SECONDS ...
    boolean timed = words.get(5).matches("\\d+");
    int seconds = timed ? Integer.parseInt(words.remove(5)) : -1;
    return Map.entry(String.join(" ", words), seconds);
  }

  /** Lines of a text file; none where there is no such file. */
  List<String> lines(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /**
   * The IP sets with all that is in them, in its order. What time is left depends on the
   * recording's pace, and ipset 7.17 forgets to print forceadd.
   */
  private List<String> sets() throws IOException {
    return lines("ipset.save").stream()
        .map(line -> line.replaceAll(" timeout [1-9]\\d*| forceadd", ""))
        .toList();
  }

  /** All that can be compared line by line, by the name of what holds it. */
  Map<String, List<String>> texts() throws IOException {
    Map<String, List<String>> texts = new TreeMap<>();
    for (String iface : interfaces("out")) {
      texts.put("out." + iface + ".pcap", left(iface));
    }
    for (String name : List.of("rules.v4", "rules.v6")) {
      texts.put(name, rules(name));
    }
    for (String name : List.of("conntrack.txt", "expect.txt", "expect6.txt")) {
      texts.put(name, connections(name));
    }
    texts.put("ipset.save", sets());
    texts.put("events.txt", events().stream().map(Map.Entry::getKey).toList());
    return texts;
  }
}
