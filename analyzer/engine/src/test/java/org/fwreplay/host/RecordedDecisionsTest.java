package org.fwreplay.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A host with many kinds of routes and rules, and what a real kernel decided on it. */
class RecordedDecisionsTest {
  private static final List<String> NAMES =
      List.of(
          "LOCAL",
          "FORWARD",
          "BROADCAST",
          "MULTICAST",
          "TRANSMIT",
          "MARTIAN_SRC",
          "MARTIAN_DST",
          "RPF",
          "NOT_JOINED",
          "NOT_FORWARDING",
          "NO_ROUTE",
          "UNREACHABLE",
          "PROHIBIT",
          "BLACKHOLE");

  private final Path dir = directory();
  private final Host host = Host.load(dir);
  private final Router router = host.newRouter();
  private final RouteQuery query = new RouteQuery();
  private final RouteResult result = new RouteResult();

  private static Path directory() {
    try {
      return Path.of(RecordedDecisionsTest.class.getResource("crossroads").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyDecisionIsTheKernels() throws IOException {
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve("decisions.txt"))) {
      if (!line.startsWith("#")) {
        expected.add(line);
        actual.add(decide(line));
      }
    }
    assertThat(actual).hasSizeGreaterThan(250).isEqualTo(expected);
  }

  private String decide(String line) {
    String[] words = line.split(" ");
    query.clear();
    query.six = words[1].equals("6");
    Prefix destination = Prefix.parse(words[2]);
    query.dstHi = destination.hi();
    query.dstLo = destination.lo();
    if (!words[3].equals("-")) {
      Prefix source = Prefix.parse(words[3]);
      query.srcHi = source.hi();
      query.srcLo = source.lo();
    }
    query.iif = id(words[4]);
    query.oif = id(words[5]);
    query.mark = Integer.parseInt(words[6]);
    query.tos = Integer.parseInt(words[7]);
    query.protocol = Integer.parseInt(words[8]);
    query.sourcePort = Integer.parseInt(words[9]);
    query.destinationPort = Integer.parseInt(words[10]);
    boolean output = words[0].equals("out");
    int decision = output ? router.output(query, result) : router.input(query, result);
    String oif = result.oif < 0 ? "-" : host.networkInterface(result.oif).name();
    String gateway =
        result.gateway
            ? Addresses.format(result.nextHopSix, result.nextHopHi, result.nextHopLo)
            : "-";
    String source = output ? " " + Addresses.format(query.six, result.srcHi, result.srcLo) : "";
    String asked = line.substring(0, line.indexOf(" -> "));
    return asked + " -> " + NAMES.get(decision) + " " + oif + " " + gateway + source;
  }

  private int id(String name) {
    return name.equals("-") ? -1 : host.interfaceByName(name).id();
  }
}
