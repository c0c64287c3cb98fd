package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Packet;
import org.fwreplay.replay.FrameTuples;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.AtomicFile;
import org.fwreplay.report.Printable;
import org.fwreplay.report.explain.ExplainJson;
import org.fwreplay.report.explain.ExplainText;
import org.fwreplay.report.explain.Explainer;
import org.fwreplay.report.explain.Explanation;
import org.fwreplay.report.flow.RunNames;
import org.fwreplay.report.select.Selector;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** {@code fwreplay explain}: a frame's whole way through hooks, tables, chains and rules. */
final class ExplainCommand extends Command {
  private final InputOptions input = include(new InputOptions());
  private final CaptureArguments captures = include(new CaptureArguments(0));

  private final Argument<List<Long>> frames =
      option(
          OptionSpec.builder("--frame")
              .type(List.class)
              .auxiliaryTypes(Long.class)
              .splitRegex(",")
              .paramLabel("N")
              .description("The frame's number as reports give it, from 0; repeatable."),
          List.of());

  private final Argument<String> where =
      text(
          "--where",
          "SELECTOR",
          "Frames with these properties as they come in: KEY=VALUE words, such as"
              + " \"proto=tcp dst=192.0.2.0/24 dport=443\". Keys: family proto src dst host sport"
              + " dport port in frame.");

  private final Argument<Integer> limit =
      option(
          "--limit",
          "N",
          1,
          "With --where: how many frames to explain (default: ${DEFAULT-VALUE}).");

  private final Argument<Path> json =
      file("--json", "The same as JSON (reports/schema/explain-1.json); - is standard output.");

  private final Argument<Boolean> trace =
      flag("--trace", "Print the lines that Linux logs of a traced packet, instead of the tree.");

  ExplainCommand() {
    super(
        "Shows a frame's whole way: every hook, table, chain and rule, and for each rule that did"
            + " not take it what it asked and what the packet had. All frames before it are"
            + " replayed first.");
  }

  @Override
  public Integer call() throws IOException {
    CommandLine command = spec.commandLine();
    if (frames.get().isEmpty() == (where.get() == null)) {
      throw new ParameterException(command, "give --frame N or --where SELECTOR");
    }
    if (limit.get() < 1) {
      throw new ParameterException(command, "--limit " + limit.get() + ": expected 1 or more");
    }
    Selector selector = where.get() == null ? null : selector(command, where.get());
    input.captures.files = captures.files.get();
    InputOptions.Prepared prepared = input.prepare(command);
    if (prepared == null) {
      return ExitCode.RULES_REJECTED;
    }
    ReplayRun run = prepared.builder().build();
    Set<Long> numbers = new HashSet<>(frames.get());
    Explainer explainer =
        selector == null
            ? new Explainer(run, p -> numbers.contains(p.frame), numbers.size())
            : new Explainer(run, wanted(run, selector), limit.get());
    try (ListenerOptions listeners = input.listeners) {
      run.listen(explainer).run();
      listeners.finish();
    }
    List<Explanation> found = explainer.explanations();
    if (found.isEmpty()) {
      String what =
          selector == null ? "--frame " + frames.get().get(0) : "--where \"" + where.get() + "\"";
      command
          .getErr()
          .println(
              Printable.of(what + ": no such frame among " + run.frames() + " in the captures"));
      return ExitCode.NO;
    }
    boolean written = write(found, command.getOut());
    if (selector != null && found.size() == limit.get()) {
      String first = limit.get() == 1 ? "frame that fits" : limit.get() + " frames that fit";
      command.getErr().println("explained: the first " + first + "; more with --limit N");
    }
    return written ? ExitCode.OK : ExitCode.TROUBLE;
  }

  /** Reads a selector of the command line. */
  static Selector selector(CommandLine command, String text) {
    try {
      return Selector.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, "--where: " + e.getMessage(), e);
    }
  }

  private static Predicate<Packet> wanted(ReplayRun run, Selector selector) {
    RunNames names = new RunNames(run);
    FrameTuples tuples = new FrameTuples();
    Tuple tuple = new Tuple();
    return p -> {
      String in = p.local ? "" : names.interfaceName(p.in);
      return tuples.read(p, tuple) != null
          && selector.matches(new Selector.Subject(tuple, in, "", p.frame, p.timeNs, Set.of()));
    };
  }

  private boolean write(List<Explanation> found, PrintWriter out) throws IOException {
    boolean jsonOnly = json.get() != null && json.get().toString().equals("-");
    if (jsonOnly) {
      ExplainJson.write(found, out);
    } else if (trace.get()) {
      found.forEach(each -> each.trace().forEach(line -> out.print(Printable.of(line) + "\n")));
    } else {
      ExplainText.print(found, out);
    }
    if (json.get() != null && !jsonOnly) {
      try (AtomicFile file = new AtomicFile(json.get())) {
        ExplainJson.write(found, file.writer());
        file.commit();
      }
    }
    return !out.checkError();
  }
}
