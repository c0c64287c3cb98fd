package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import org.fwreplay.capture.CaptureProblem;
import org.fwreplay.diff.Causality;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.Printable;
import org.fwreplay.report.ReplayCollector;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.TextSummary;
import picocli.CommandLine;

/** {@code fwreplay replay}: one ruleset, one or more captures; verdicts, reports, exports. */
final class ReplayCommand extends Command {
  private final InputOptions input = include(new InputOptions());
  private final CaptureArguments captures = include(new CaptureArguments(0));
  private final OutputOptions output = include(new OutputOptions());

  private final Argument<Boolean> causal =
      flag(
          "--causal",
          "Leave out what would never have been sent, because what it answers or follows was lost"
              + " (docs/diff.md).");

  ReplayCommand() {
    super("Replays captures through a ruleset: verdicts, reports, exports.");
  }

  @Override
  public Integer call() throws IOException {
    output.check(spec.commandLine());
    try (ListenerOptions listeners = input.listeners) {
      return replay(listeners);
    }
  }

  private int replay(ListenerOptions listeners) throws IOException {
    CommandLine command = spec.commandLine();
    input.captures.files = captures.files.get();
    InputOptions.Prepared prepared = input.prepare(command);
    if (prepared == null) {
      return ExitCode.RULES_REJECTED;
    }
    ReplayRun run = prepared.builder().build();
    if (causal.get()) {
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
