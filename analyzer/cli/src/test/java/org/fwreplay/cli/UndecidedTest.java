package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options do that say how to take what a capture cannot decide. */
class UndecidedTest {
  private static final String CASE = "more-targets";

  @TempDir private Path dir;
  private final Commands fwreplay = new Commands();

  private int replay(String rule, String... options) throws IOException {
    Path rules = dir.resolve("rules.v4");
    String behind = "*mangle\n:POSTROUTING ACCEPT\n-A POSTROUTING -p udp\nCOMMIT\n";
    Files.writeString(rules, "*filter\n:FORWARD ACCEPT\n" + rule + "\nCOMMIT\n" + behind);
    List<Object> words =
        new ArrayList<>(
            List.of(
                "replay",
                "--host",
                Commands.kernel(CASE, "."),
                "--rules",
                rules,
                "--in",
                "lan=" + Commands.kernel(CASE, "in.lan.pcap"),
                "--export",
                dir.resolve("export")));
    words.addAll(Arrays.asList(options));
    return fwreplay.run(words.toArray());
  }

  @ParameterizedTest
  @CsvSource({"accept, true", "drop, false", "none, false"})
  void theListenerAtAQueueAnswers(String answer, boolean passes) throws IOException {
    String others = "-A FORWARD ! -p udp -j DROP\n-A FORWARD -p udp ! --dport 7051 -j DROP\n";
    String rule = others + "-A FORWARD -j NFQUEUE --queue-num 3";
    assertThat(replay(rule, "--queue", "3=" + answer, "--undecided", "fail"))
        .isEqualTo(ExitCode.OK);
    String counters = Files.readString(dir.resolve("export/rules.v4"));
    assertThat(counters.contains("[0:0] -A POSTROUTING -p udp")).isEqualTo(!passes);
  }

  @Test
  void withoutAnAnswerTheRunCanBeMadeToFailWithTheRule() throws IOException {
    String rule = "-A FORWARD -p udp --dport 7051 -j NFQUEUE --queue-num 3";
    assertThat(replay(rule, "--undecided", "fail")).isEqualTo(ExitCode.TROUBLE);
    assertThat(fwreplay.errLines()).hasSize(1);
    assertThat(fwreplay.err()).contains("rules.v4:3:1", rule, "no capture can decide this rule");
    assertThat(dir.resolve("export/rules.v4")).doesNotExist();
  }

  @Test
  void whatNoPacketMetDoesNotFail() throws IOException {
    String rule = "-A FORWARD -p sctp -j NFQUEUE --queue-num 3";
    assertThat(replay(rule, "--undecided", "fail")).isEqualTo(ExitCode.OK);
  }

  @ParameterizedTest
  @CsvSource({"--undecided, perhaps", "--queue, 3=maybe", "--queue, three=drop"})
  void otherWordsAreWrongUsage(String option, String value) throws IOException {
    assertThat(replay("-A FORWARD", option, value)).isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.errLines()).isNotEmpty();
  }
}
