package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.fwreplay.capture.Captures;
import org.fwreplay.capture.LinkLayer;
import org.fwreplay.capture.PcapWriter;
import org.fwreplay.diff.Change;
import org.fwreplay.diff.Comparison;
import org.fwreplay.diff.DiffResult;
import org.fwreplay.diff.SymbolicDiff;
import org.fwreplay.diff.WitnessCheck;
import org.fwreplay.diff.WitnessPackets;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.region.Witness;
import org.fwreplay.report.AtomicFile;
import org.fwreplay.report.ci.Finding;
import org.fwreplay.report.ci.GitHubAnnotations;
import org.fwreplay.report.ci.Sarif;
import org.fwreplay.report.diff.Accepted;
import org.fwreplay.report.diff.DiffFindings;
import org.fwreplay.report.diff.DiffJson;
import org.fwreplay.report.diff.DiffMarkdown;
import org.fwreplay.report.diff.DiffText;
import org.fwreplay.report.diff.DiffView;
import org.fwreplay.report.diff.SymbolicText;
import org.fwreplay.report.diff.SymbolicView;
import org.fwreplay.report.page.DiffHtml;
import org.fwreplay.rule.Ruleset;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** {@code fwreplay diff}: two rulesets, the same captures: whose fate changes, and why. */
final class DiffCommand extends Command {
  private static final String STANDARD_OUTPUT = "-";

  private final InputOptions input = include(new InputOptions());

  private final Argument<Path> old =
      word(
          0,
          "1",
          "OLD",
          Path.class,
          "The old ruleset: a file (IPv6 where its name ends in .v6), or a folder with rules.v4,"
              + " rules.v6, ipset.save, host.");

  private final Argument<Path> now = word(1, "1", "NEW", Path.class, "The new ruleset, likewise.");

  private final CaptureArguments captures = include(new CaptureArguments(2));

  private final Argument<Boolean> notCausal =
      option(
          OptionSpec.builder("--no-causal")
              .negatable(true)
              .description(
                  "Also replay what would never have been sent, because what it answers or follows"
                      + " was lost."),
          false);

  private final Argument<String> failOn =
      option(
          "--fail-on",
          "CLASS,...",
          "newly-blocked,newly-allowed,rejected-differently,routed-differently,nat-changed",
          "Exit code 3 where a connection changes so: newly-blocked, newly-allowed,"
              + " rejected-differently, routed-differently, nat-changed, marked-differently,"
              + " other-rule, all, none (default: ${DEFAULT-VALUE}).");

  private final Argument<Path> accept =
      file("--accept", "Known changes, which do not fail: lines CLASS SELECTOR.");

  private final Argument<Path> json =
      file("--json", "All of it as JSON (reports/schema/diff-1.json); - is standard output.");

  private final Argument<Path> html = file("--html", "One self-contained page, no network needed.");

  private final Argument<Boolean> symbolic =
      flag(
          "--symbolic",
          "Also compare table filter over all packets that there can be; captures may be left out"
              + " then.");

  private final Argument<Path> witnesses =
      file(
          "--witnesses",
          "With --symbolic: one packet of each region that differs, as pcap (raw IP).");

  private final Argument<Path> markdown = file("--markdown", "A summary as Markdown.");

  private final Argument<Path> sarif =
      file("--sarif", "The edits to blame as SARIF 2.1.0, at the lines of their rules.");

  private final Argument<Boolean> github =
      flag("--github", "Print them as GitHub's annotations, too.");

  DiffCommand() {
    super(
        "Compares two rulesets over the same captures: the connections whose fate changes, and the"
            + " edits that are to blame, found by replaying with them made one by one.");
  }

  @Override
  public Integer call() throws IOException {
    CommandLine command = spec.commandLine();
    if (input.rules.get() != null || input.rules6.get() != null) {
      throw new ParameterException(command, "OLD and NEW are the rulesets: leave out --rules");
    }
    boolean noCaptures =
        input.captures.in.get().isEmpty()
            && input.captures.local.get().isEmpty()
            && captures.files.get().isEmpty();
    refuseWhatIsLeftOut(command, noCaptures);
    Set<Change> failing = failing(command);
    Accepted accepted =
        accept.get() == null
            ? Accepted.NOTHING
            : Accepted.parse(accept.get().toString(), InputOptions.text(accept.get()));
    input.captures.files = captures.files.get();
    input.captures.mayBeNone = symbolic.get();
    Side before = side(command, old.get());
    Side after = before == null ? null : side(command, now.get());
    if (after == null) {
      return ExitCode.RULES_REJECTED;
    }
    List<SymbolicView> overAll = symbolic.get() ? symbolic(before, after) : List.of();
    if (noCaptures && json.get() == null && html.get() == null) {
      return differs(overAll) ? ExitCode.NO : ExitCode.OK;
    }
    DiffView view =
        new DiffView(
                compare(before, after),
                Main.version(),
                old.get().toString(),
                now.get().toString(),
                accepted)
            .withSymbolic(overAll);
    if (noCaptures) {
      writeJson(view, command.getOut());
      writeHtml(view);
      return differs(overAll) ? ExitCode.NO : ExitCode.OK;
    }
    write(view, command.getOut());
    writeFindings(DiffFindings.of(view, failing), command.getOut());
    if (command.getOut().checkError()) {
      return ExitCode.TROUBLE;
    }
    return view.has(failing) ? ExitCode.NO : ExitCode.OK;
  }

  /** Options that would do nothing. */
  private void refuseWhatIsLeftOut(CommandLine command, boolean noCaptures) {
    if (witnesses.get() != null && !symbolic.get()) {
      throw new ParameterException(command, "--witnesses is for --symbolic");
    }
    boolean ofConnections =
        accept.get() != null || markdown.get() != null || sarif.get() != null || github.get();
    if (symbolic.get() && noCaptures && ofConnections) {
      throw new ParameterException(
          command, "--accept, --markdown, --sarif and --github need captures");
    }
  }

  private DiffResult compare(Side before, Side after) throws IOException {
    ProgressDisplay progress = new ProgressDisplay("diff");
    try {
      return new Comparison(
              before.prepared.builder(),
              before.compared(),
              after.compared(),
              !notCausal.get(),
              progress::at)
          .run();
    } finally {
      progress.end();
    }
  }

  private static boolean differs(List<SymbolicView> views) {
    return views.stream().anyMatch(view -> !view.regions().isEmpty());
  }

  /** Compares over all packets, and sends a packet of each difference through the engine. */
  private List<SymbolicView> symbolic(Side before, Side after) throws IOException {
    List<SymbolicView> views = new ArrayList<>();
    for (Family family : Family.values()) {
      boolean six = family == Family.IPV6;
      Ruleset from = six ? before.prepared.six() : before.prepared.four();
      Ruleset to = six ? after.prepared.six() : after.prepared.four();
      if (from != null || to != null) {
        WitnessCheck check =
            new WitnessCheck(family, from, to, before.prepared.sets(), after.prepared.sets());
        views.add(SymbolicView.of(family, SymbolicDiff.compare(family, from, to), check));
      }
    }
    CommandLine command = spec.commandLine();
    PrintWriter text = usesStandardOutput() ? command.getErr() : command.getOut();
    views.forEach(view -> SymbolicText.print(view, text));
    writeWitnesses(views);
    return views;
  }

  private void writeWitnesses(List<SymbolicView> views) throws IOException {
    if (witnesses.get() == null) {
      return;
    }
    Packet p = new Packet();
    long number = 0;
    try (PcapWriter packets = new PcapWriter(witnesses.get(), LinkLayer.RAW)) {
      for (SymbolicView view : views) {
        for (SymbolicView.RegionView each : view.regions()) {
          Witness witness =
              each.answer() == null
                  ? each.difference().witnesses().get(0)
                  : each.answer().witness();
          WitnessPackets.make(view.family() == Family.IPV6, witness, p);
          packets.write(number++ * 1_000_000, p.buffer, p.network, p.length());
        }
      }
      packets.commit();
    }
  }

  private Set<Change> failing(CommandLine command) {
    try {
      return Accepted.changes(failOn.get());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, "--fail-on: " + e.getMessage(), e);
    }
  }

  /** One of the two, read. */
  private record Side(InputOptions.Prepared prepared, String setsText, String hostText) {
    Comparison.Side compared() {
      return new Comparison.Side(
          prepared.four(), prepared.six(), prepared.sets(), setsText, prepared.host(), hostText);
    }
  }

  /** Reads a ruleset; null where it was rejected. What a folder lacks is as the options say. */
  private Side side(CommandLine command, Path path) throws IOException {
    Path givenSets = input.ipset.get();
    Path givenHost = input.host.get();
    boolean folder = Files.isDirectory(path);
    boolean six = !folder && path.toString().endsWith(".v6");
    input.rules.set(folder ? existing(path.resolve("rules.v4"), null) : six ? null : path);
    input.rules6.set(folder ? existing(path.resolve("rules.v6"), null) : six ? path : null);
    if (folder) {
      input.ipset.set(existing(path.resolve("ipset.save"), givenSets));
      input.host.set(existing(path.resolve("host"), givenHost));
    }
    if (input.rules.get() == null && input.rules6.get() == null) {
      throw new ParameterException(command, path + ": no rules.v4 and no rules.v6 in this folder");
    }
    refuseStandardInput(command);
    input.listeners.refuseUnshared(command);
    InputOptions.Prepared prepared = input.prepare(command);
    String setsText = input.ipset.get() == null ? "" : InputOptions.text(input.ipset.get());
    String hostText = input.host.get() == null ? "" : texts(input.host.get());
    input.ipset.set(givenSets);
    input.host.set(givenHost);
    return prepared == null ? null : new Side(prepared, setsText, hostText);
  }

  private void refuseStandardInput(CommandLine command) {
    boolean any =
        Stream.concat(captures.files.get().stream(), Stream.of(old.get(), now.get()))
            .anyMatch(file -> file.toString().equals(Captures.STANDARD_INPUT));
    if (any) {
      throw new ParameterException(
          command, "diff reads its input several times: standard input cannot be one");
    }
  }

  private static Path existing(Path path, Path otherwise) {
    return Files.exists(path) ? path : otherwise;
  }

  /** All that the dumps of a host say, to tell whether two are the same. */
  private static String texts(Path host) throws IOException {
    StringBuilder texts = new StringBuilder();
    for (String name :
        List.of(
            "addr",
            "route",
            "rule",
            "neigh",
            "link",
            "sysctl.txt",
            "sockets.txt",
            "socket-owners.txt")) {
      Path file = host.resolve(name.endsWith(".txt") ? name : name + ".json");
      texts.append(Files.exists(file) ? InputOptions.text(file) : "").append('\n');
    }
    return texts.toString();
  }

  private void writeFindings(List<Finding> findings, PrintWriter out) throws IOException {
    if (github.get()) {
      GitHubAnnotations.print(findings, out);
    }
    if (sarif.get() != null) {
      try (AtomicFile file = new AtomicFile(sarif.get())) {
        Sarif.write(Main.version(), DiffFindings.codes(), findings, file.writer());
        file.commit();
      }
    }
  }

  private void write(DiffView view, PrintWriter out) throws IOException {
    if (!usesStandardOutput()) {
      DiffText.print(view, out);
    }
    writeJson(view, out);
    writeHtml(view);
    if (markdown.get() != null) {
      try (AtomicFile file = new AtomicFile(markdown.get())) {
        file.writer().write(DiffMarkdown.of(view));
        file.commit();
      }
    }
  }

  private void writeHtml(DiffView view) throws IOException {
    if (html.get() != null) {
      try (AtomicFile file = new AtomicFile(html.get())) {
        DiffHtml.write(view, file.writer());
        file.commit();
      }
    }
  }

  private boolean usesStandardOutput() {
    return json.get() != null && json.get().toString().equals(STANDARD_OUTPUT);
  }

  private void writeJson(DiffView view, PrintWriter out) throws IOException {
    if (usesStandardOutput()) {
      DiffJson.write(view, out);
    } else if (json.get() != null) {
      try (AtomicFile file = new AtomicFile(json.get())) {
        DiffJson.write(view, file.writer());
        file.commit();
      }
    }
  }
}
