package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What {@code fwreplay extensions} prints. */
class ExtensionsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    CommandLine command = Main.commandLine();
    return command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true)).execute(args);
  }

  @Test
  void withoutANameItListsMatchesAndTargetsWithTheirFamilies() {
    assertThat(run("extensions")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("Matches (-m NAME)", "Targets (-j NAME)", "gone from Linux")
        .containsPattern("(?m)^  ttl +4    +tests")
        .containsPattern("(?m)^  SNPT +6  replaces")
        .containsPattern("(?m)^  MARK +4 6  changes the packet mark");
  }

  @Test
  void withANameItSaysWhereItGoesAndWhatItTakes() {
    assertThat(run("extensions", "TPROXY")).isEqualTo(ExitCode.OK);
    assertThat(out.toString().lines())
        .containsExactly(
            "target TPROXY: gives the packet to a program of this host",
            "  families   IPv4 IPv6",
            "  tables     mangle",
            "  hooks      PREROUTING",
            "  protocols  needs -p tcp udp",
            "  options",
            "        --on-port port              required",
            "        --on-ip address",
            "        --tproxy-mark value[/mask]");
  }

  @Test
  void inversionAndExclusionAreShown() {
    run("extensions", "NFQUEUE");
    run("extensions", "mark");
    assertThat(out.toString())
        .contains("--queue-num number", "not with --queue-balance")
        .contains("[!] --mark value[/mask]");
  }

  @Test
  void anUnknownNameIsWrongUsageWithASuggestion() {
    assertThat(run("extensions", "MARKS")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("no match or target \"MARKS\"").contains("MARK");
  }
}
