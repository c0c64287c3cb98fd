package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.fwreplay.capture.CaptureProblem;
import org.fwreplay.diff.Causality;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.Printable;
import org.fwreplay.report.ReplayCollector;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.TextSummary;
import picocli.CommandLine;
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
  @Mixin private CaptureArguments captures;
  @Mixin private OutputOptions output;

  @Option(
      names = "--causal",
      description =
          "Leave out what would never have been sent, because what it answers or follows was lost"
              + " (docs/diff.md).")
  private boolean causal;

  @Override
  public Integer call() throws IOException {
    output.check(spec.commandLine());
    try (ListenerOptions listeners = input.listeners) {
      return replay(listeners);
    }
  }

  private int replay(ListenerOptions listeners) throws IOException {
    CommandLine command = spec.commandLine();
    input.captures.files = captures.files;
    InputOptions.Prepared prepared = input.prepare(command);
    if (prepared == null) {
      return ExitCode.RULES_REJECTED;
    }
    ReplayRun run = prepared.builder().build();
    if (causal) {
      Causality.keep(run);
    }
    ReplayCollector collector = new ReplayCollector(run);
    try (Outputs outputs = output.open(run, collector, command.getOut())) {
      run.listen(collector);
      long start = System.nanoTime();
      replay(run);
      input.checkDecided(run);
      collector.finish();
      long elapsed = System.nanoTime() - start;
      ReplayResult result =
          collector.result(
              new ReplayResult.Setup(Main.version(), input.hostName(), prepared.warnings()));
      outputs.finish(result, command.getOut());
      listeners.finish();
      if (!output.usesStandardOutput()) {
        TextSummary.print(result, elapsed, command.getOut());
      }
    }
    PrintWriter err = command.getErr();
    for (CaptureProblem problem : run.problems()) {
      err.println(Printable.of(problem.toString()));
    }
    return command.getOut().checkError() ? ExitCode.TROUBLE : ExitCode.OK;
  }

  private static void replay(ReplayRun run) throws IOException {
    ProgressDisplay progress = new ProgressDisplay("replay");
    try {
      run.progress(progress::at).run();
    } finally {
      progress.end();
    }
  }
}
