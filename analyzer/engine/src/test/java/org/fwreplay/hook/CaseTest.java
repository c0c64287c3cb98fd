package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds the way of packets through the host against what the kernel did with the same packets:
 * every case under {@code resources/cases}; captures/lab/cases.py explains their form.
 */
class CaseTest {
  private static final List<String> NOTHING = List.of("nothing");

  @TestFactory
  Stream<DynamicContainer> packetsFareAsInTheKernel() throws IOException, URISyntaxException {
    Path folder = Path.of(CaseTest.class.getResource("/cases").toURI());
    List<DynamicContainer> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path file : paths.sorted().toList()) {
        files.add(dynamicContainer(file.getFileName().toString(), tests(file)));
      }
    }
    assertThat(files).isNotEmpty();
    return files.stream();
  }

  private static List<DynamicTest> tests(Path file) throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.startsWith("case ")) {
        add(tests, lines);
        lines = new ArrayList<>();
      }
      if (!line.isBlank() && !line.startsWith("#")) {
        lines.add(number + "\t" + line);
      }
    }
    add(tests, lines);
    return tests;
  }

  private static void add(List<DynamicTest> tests, List<String> lines) {
    if (!lines.isEmpty()) {
      String title = lines.get(0).split(" ", 2)[1];
      List<String> differences = new ArrayList<>();
      tests.add(
          dynamicTest(
              title,
              () -> {
                run(lines.subList(1, lines.size()), differences);
                assertThat(String.join("\n", differences)).isEmpty();
              }));
    }
  }

  private static void run(List<String> lines, List<String> differences) {
    Scenario scenario = new Scenario();
    boolean ipv6 = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).split("\t", 2)[1];
      int colon = line.indexOf(": ");
      String[] words = line.split(" ", 2);
      List<String> have = null;
      switch (words[0]) {
        case "rules6" -> ipv6 = true;
        case "sysctl" -> scenario.sysctl(words[1].split("=")[0], words[1].split("=")[1]);
        case "mtu" ->
            scenario.mtu(words[1].split(" ")[0], Integer.parseInt(words[1].split(" ")[1]));
        case "silent" -> scenario.silent(words[1].split(" ")[0], words[1].split(" ")[1]);
        case "route" -> scenario.route(words[1]);
        case "rule" -> scenario.policyRule(words[1]);
        case "wait" -> have = scenario.waits(Double.parseDouble(words[1]));
        case "counters" -> have = scenario.counters();
        case "connections" -> have = scenario.connections();
        case "local:" -> have = scenario.sends(words[1]);
        default -> {
          if ("*:-".indexOf(line.charAt(0)) < 0) {
            have = scenario.arrives(line.substring(0, colon), line.substring(colon + 2));
          } else if (ipv6) {
            scenario.rules6(line);
          } else {
            scenario.rules(line);
          }
        }
      }
      if (have != null) {
        List<String> want = expected(lines, i + 1);
        i += want.size();
        compare(lines.get(i - want.size()), want, have.isEmpty() ? NOTHING : have, differences);
      }
    }
  }

  private static List<String> expected(List<String> lines, int from) {
    List<String> expected = new ArrayList<>();
    for (int i = from; i < lines.size() && lines.get(i).contains("\t "); i++) {
      expected.add(lines.get(i).split("\t", 2)[1].strip());
    }
    return expected;
  }

  private static void compare(
      String line, List<String> want, List<String> have, List<String> differences) {
    if (!want.equals(have)) {
      differences.add("line " + line.replace("\t", ": "));
      want.forEach(text -> differences.add("  kernel   " + text));
      have.forEach(text -> differences.add("  fwreplay " + text));
    }
  }
}
