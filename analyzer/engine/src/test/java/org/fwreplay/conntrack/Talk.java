package org.fwreplay.conntrack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.packet.Packet;

/**
 * A conversation between a client and a server through a firewall, as the files under {@code
 * resources/talks} write it down; captures/lab/talk.py explains the form and lets the kernel have
 * the same conversations.
 */
final class Talk {
  /**
   * A line of a talk.
   *
   * @param line its number
   * @param who client or server, null for a wait
   * @param what the packet in words; seconds of a wait
   * @param expected what connection tracking says of it
   */
  record Step(int line, String who, String what, String expected) {}

  final String title;
  final Map<String, Integer> sysctls = new HashMap<>();
  final List<Step> steps = new ArrayList<>();
  private String only = "";

  private Talk(String title) {
    this.title = title;
  }

  /** Whether the talk is held over the family. */
  boolean isFor(boolean ipv6) {
    return only.isEmpty() || only.equals(ipv6 ? "ipv6" : "ipv4");
  }

  /** The talks of a file. */
  static List<Talk> read(Path file) throws IOException {
    List<Talk> talks = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String[] halves = line.split(" = ", 2);
      String[] words = halves[0].strip().split(" ", 2);
      if (words[0].equals("talk")) {
        talks.add(new Talk(words[1]));
      } else if (!words[0].isEmpty() && !words[0].equals("#")) {
        String expected = halves.length > 1 ? halves[1].strip() : "";
        talks.get(talks.size() - 1).add(number, words[0], words[1].strip(), expected);
      }
    }
    return talks;
  }

  private void add(int line, String word, String rest, String expected) {
    switch (word) {
      case "sysctl" -> {
        String[] setting = rest.split("=");
        sysctls.put("net.netfilter.nf_conntrack_" + setting[0], Integer.valueOf(setting[1]));
      }
      case "only" -> only = rest;
      case "wait" -> steps.add(new Step(line, null, rest, ""));
      case "client", "server" -> steps.add(new Step(line, word, rest, expected));
      default -> throw new IllegalArgumentException("line " + line + ": " + word + "?");
    }
  }

  /**
   * Lets connection tracking have the talk.
   *
   * @return what it says of every step where it is not what was expected
   */
  List<String> differences(boolean ipv6) {
    Conntrack conntrack = new Conntrack(new ConntrackSettings(sysctls::getOrDefault), 1);
    TalkPackets packets = new TalkPackets(ipv6);
    List<String> differences = new ArrayList<>();
    long nowNs = 1_000_000_000_000L;
    for (Step step : steps) {
      if (step.who == null) {
        nowNs += (long) (Double.parseDouble(step.what) * 1e9);
        continue;
      }
      nowNs += 1_000_000;
      Packet packet = packets.of(step.who, step.what);
      packet.timeNs = nowNs;
      String said = InWords.pass(conntrack, packet) + " " + InWords.connections(conntrack);
      if (!said.equals(step.expected)) {
        differences.add(
            "line %d: %s %s%n  expected %s%n  but was  %s"
                .formatted(step.line, step.who, step.what, step.expected, said));
      }
    }
    return differences;
  }

  @Override
  public String toString() {
    return title;
  }
}
