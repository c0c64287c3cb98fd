package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays every recording under captures/ as captures/lab/compare.py does, and holds what fwreplay
 * exports against what the kernel did: frames, counters of rules, connections, expectations; and
 * beyond that the events of connections and what LOG wrote.
 */
class RecordedCasesTest {
  private static final int DIFFERENCES_SHOWN = 5;
  private static final int LONGEST_SHOWN = 220;

  @TempDir private Path temporary;

  static List<String> cases() throws IOException {
    try (Stream<Path> folders = Files.list(captures())) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("kernel")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static Path captures() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("captures/lab"))) {
      here = here.getParent();
    }
    return here.resolve("captures");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void fwreplayDoesWhatTheKernelDid(String name) throws IOException {
    Dump kernel = new Dump(captures().resolve(name).resolve("kernel"));

    Dump replayed = replay(kernel);

    Map<String, List<String>> have = replayed.texts();
    List<String> differences = new ArrayList<>();
    kernel
        .texts()
        .forEach(
            (what, want) -> compare(what, want, have.getOrDefault(what, List.of()), differences));
    compareTimeouts(kernel.events(), replayed.events(), differences);
    if (!differences.isEmpty()) {
      fail(String.join("\n", differences));
    }
    assertThat(replayed.lines("log.txt")).containsSubsequence(kernel.lines("log.txt"));
  }

  private Dump replay(Dump kernel) throws IOException {
    List<String> args = new ArrayList<>(List.of("replay", "--host", kernel.folder().toString()));
    addRules(kernel, "rules.v4", "--rules", args);
    addRules(kernel, "rules.v6", "--rules6", args);
    Path sets = kernel.folder().resolveSibling("scenario").resolve("ipset.save");
    if (Files.exists(sets)) {
      args.addAll(List.of("--ipset", sets.toString()));
    }
    for (String iface : kernel.interfaces("in")) {
      args.addAll(List.of("--in", iface + "=" + kernel.folder().resolve("in." + iface + ".pcap")));
    }
    Path local = kernel.folder().resolve("local.pcap");
    if (Files.exists(local)) {
      args.addAll(List.of("--local", local.toString()));
    }
    Path export = temporary.resolve("export");
    args.addAll(List.of("--export", export.toString()));

    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);
    int exit = Main.commandLine().setOut(out).setErr(out).execute(args.toArray(String[]::new));
    assertThat(exit).as(said.toString()).isEqualTo(ExitCode.OK);
    return new Dump(export);
  }

  private void addRules(Dump kernel, String name, String option, List<String> args)
      throws IOException {
    String rules = kernel.freshRules(name);
    if (!rules.isEmpty()) {
      args.addAll(List.of(option, Files.writeString(temporary.resolve(name), rules).toString()));
    }
  }

  /** Tells the first line that differs, and the first few that only one side has. */
  private static void compare(
      String what, List<String> want, List<String> have, List<String> differences) {
    if (want.equals(have)) {
      return;
    }
    int at = 0;
    while (at < want.size() && at < have.size() && want.get(at).equals(have.get(at))) {
      at++;
    }
    differences.add(
        what + ": " + want.size() + " expected, " + have.size() + " found, equal up to " + at);
    tell("kernel  ", only(want, have), differences);
    tell("fwreplay", only(have, want), differences);
  }

  private static List<String> only(List<String> these, List<String> those) {
    List<String> rest = new ArrayList<>(these);
    those.forEach(rest::remove);
    return rest;
  }

  private static void tell(String who, List<String> lines, List<String> differences) {
    lines.stream()
        .limit(DIFFERENCES_SHOWN)
        .map(
            line ->
                line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "...")
        .forEach(line -> differences.add("  " + who + " " + line));
    if (lines.size() > DIFFERENCES_SHOWN) {
      differences.add("  " + who + " and " + (lines.size() - DIFFERENCES_SHOWN) + " more");
    }
  }

  /** The kernel counts in ticks of its own and cuts to whole seconds. */
  private static void compareTimeouts(
      List<Map.Entry<String, Integer>> want,
      List<Map.Entry<String, Integer>> have,
      List<String> differences) {
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < Math.min(want.size(), have.size()); i++) {
      int expected = want.get(i).getValue();
      int found = have.get(i).getValue();
      if (Math.abs(expected - found) > 1) {
        wrong.add(expected + " s, not " + found + ": " + want.get(i).getKey());
      }
    }
    tell("events.txt: time left", wrong, differences);
  }
}
