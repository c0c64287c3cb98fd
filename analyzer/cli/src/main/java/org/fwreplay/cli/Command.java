package org.fwreplay.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A command: its arguments, and what it does. */
abstract class Command extends Arguments implements Callable<Integer> {
  /** What picocli knows of it. */
  protected final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  /**
   * A command without arguments as yet.
   *
   * @param description what help says of it
   */
  Command(String description) {
    spec.usageMessage().description(description);
  }

  /** Does what it is for. */
  @Override
  public abstract Integer call() throws IOException;

  /** Reads command lines for it. */
  final CommandLine toCommandLine() {
    addTo(spec);
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help message and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Print version information and exit.")
            .build());
    return new CommandLine(spec);
  }
}
