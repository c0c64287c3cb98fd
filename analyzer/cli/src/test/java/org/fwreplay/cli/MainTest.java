package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine commandLine =
      Main.commandLine()
          .addSubcommand(new Failing())
          .setOut(new PrintWriter(out, true))
          .setErr(new PrintWriter(err, true));

  @Test
  void helpAndVersionGoToStandardOutput() {
    assertThat(commandLine.execute("--help")).isEqualTo(ExitCode.OK);
    assertThat(commandLine.execute("--version")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("Usage: fwreplay").containsPattern("\nfwreplay \\S+\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void anUnknownOptionIsWrongUsageInOneLineAndAHint() {
    assertThat(commandLine.execute("--frobnicate")).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString().lines()).hasSize(2).first().asString().contains("--frobnicate");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void noCommandIsWrongUsage() {
    assertThat(commandLine.execute()).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString().lines())
        .containsExactly("fwreplay: no command given", "Try 'fwreplay --help'.");
  }

  @Test
  void anUnexpectedExceptionIsTroubleInOneLine() {
    assertThat(commandLine.execute("failing")).isEqualTo(ExitCode.TROUBLE);

    assertThat(err.toString().lines())
        .containsExactly("fwreplay failing: the disk is full and more");
  }

  @Test
  void theStackTraceIsShownOnRequest() {
    System.setProperty(Failures.DEBUG_PROPERTY, "true");
    try {
      assertThat(commandLine.execute("failing")).isEqualTo(ExitCode.TROUBLE);
    } finally {
      System.clearProperty(Failures.DEBUG_PROPERTY);
    }

    assertThat(err.toString()).contains("\tat org.fwreplay.cli.MainTest");
  }

  @Command(name = "failing")
  static final class Failing implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new IllegalStateException("the disk is full\n  and more");
    }
  }
}
