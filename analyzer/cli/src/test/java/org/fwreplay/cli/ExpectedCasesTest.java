package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays every case under captures/ that has a folder {@code expected}: with what no kernel here
 * has, so that the expectation is our own. {@code command} there holds the options of {@code
 * replay}, {@code packets.txt} what becomes of each packet; any other file is held against that of
 * the same name in the export.
 */
class ExpectedCasesTest {
  @TempDir private Path temporary;
  private final Commands fwreplay = new Commands();

  static List<String> cases() throws IOException {
    try (Stream<Path> folders = Files.list(Commands.ROOT.resolve("captures"))) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("expected/command")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void eachPacketFaresAsExpected(String name) throws IOException {
    Path expected = Commands.ROOT.resolve("captures").resolve(name).resolve("expected");
    Path export = temporary.resolve("export");
    Path packets = temporary.resolve("packets.txt");

    int code = fwreplay.run(command(expected, export, packets).toArray());

    assertThat(code).as(fwreplay.err()).isEqualTo(ExitCode.OK);
    assertThat(packets).hasSameTextualContentAs(expected.resolve("packets.txt"));
    for (Path file : others(expected)) {
      assertThat(export.resolve(file.getFileName())).hasSameTextualContentAs(file);
    }
  }

  private static List<Object> command(Path expected, Path export, Path packets) throws IOException {
    List<Object> words = new ArrayList<>(List.of("replay"));
    for (String line : Files.readAllLines(expected.resolve("command"))) {
      for (String word : line.split(" ")) {
        words.add(word.replaceFirst("(?=(captures|rulesets)/)", Commands.ROOT + "/"));
      }
    }
    words.addAll(List.of("--export", export, "--packets", packets));
    return words;
  }

  private static List<Path> others(Path expected) throws IOException {
    try (Stream<Path> files = Files.list(expected)) {
      return files
          .filter(file -> !file.endsWith("command") && !file.endsWith("packets.txt"))
          .toList();
    }
  }
}
