package org.fwreplay.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.export.KernelExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fwreplay replay}: one ruleset, one or more captures; verdicts, reports, exports. */
@Command(
    name = "replay",
    description = "Replays captures through a ruleset: verdicts, reports, exports.",
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private InputOptions input;

  @Option(
      names = "--export",
      paramLabel = "DIR",
      description = "What the firewall would hold and send, in the kernel tools' own formats.")
  private Path export;

  @Override
  public Integer call() throws IOException {
    ReplayRun.Builder builder = input.prepare(spec.commandLine());
    if (builder == null) {
      return ExitCode.RULES_REJECTED;
    }
    ReplayRun run = builder.build();
    if (export == null) {
      run.run();
      return ExitCode.OK;
    }
    try (KernelExport files = new KernelExport(export, run.host())) {
      run.listen(files).run();
      files.finish(run);
    }
    return ExitCode.OK;
  }
}
