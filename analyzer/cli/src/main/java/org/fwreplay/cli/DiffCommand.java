package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fwreplay diff}: two rulesets, the same captures: whose fate changes, and why. */
@Command(
    name = "diff",
    description =
        "Compares two rulesets over the same captures: the connections whose fate changes, and the"
            + " edits that are to blame, found by replaying with them made one by one.",
    mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";

  @Spec private CommandSpec spec;
  @Mixin private InputOptions input;

  @Parameters(
      index = "0",
      paramLabel = "OLD",
      description =
          "The old ruleset: a file (IPv6 where its name ends in .v6), or a folder with rules.v4,"
              + " rules.v6, ipset.save, host.")
  private Path old;

  @Parameters(index = "1", paramLabel = "NEW", description = "The new ruleset, likewise.")
  private Path now;

  @Parameters(
      index = "2..*",
      paramLabel = "CAPTURE",
      description = "Captures made at one point: pcap or pcapng, plain, gzip, zstd or xz.")
  private List<Path> captures = new ArrayList<>();

  @Option(
      names = "--no-causal",
      negatable = true,
      description =
          "Also replay what would never have been sent, because what it answers or follows was"
              + " lost.")
  private boolean notCausal;

  @Option(
      names = "--fail-on",
      paramLabel = "CLASS,...",
      defaultValue =
          "newly-blocked,newly-allowed,rejected-differently,routed-differently,nat-changed",
      description =
          "Exit code 3 where a connection changes so: newly-blocked, newly-allowed,"
              + " rejected-differently, routed-differently, nat-changed, marked-differently,"
              + " other-rule, all, none (default: ${DEFAULT-VALUE}).")
  private String failOn;

  @Option(
      names = "--accept",
      paramLabel = "FILE",
      description = "Known changes, which do not fail: lines CLASS SELECTOR.")
  private Path accept;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "All of it as JSON (reports/schema/diff-1.json); - is standard output.")
  private Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "One self-contained page, no network needed.")
  private Path html;

  @Option(
      names = "--symbolic",
      description =
          "Also compare table filter over all packets that there can be; captures may be left out"
              + " then.")
  private boolean symbolic;

  @Option(
      names = "--witnesses",
      paramLabel = "FILE",
      description = "With --symbolic: one packet of each region that differs, as pcap (raw IP).")
  private Path witnesses;

  @Option(names = "--markdown", paramLabel = "FILE", description = "A summary as Markdown.")
  private Path markdown;

  @Option(
      names = "--sarif",
      paramLabel = "FILE",
      description = "The edits to blame as SARIF 2.1.0, at the lines of their rules.")
  private Path sarif;

  @Option(names = "--github", description = "Print them as GitHub's annotations, too.")
  private boolean github;

  @Override
  public Integer call() throws IOException {
    CommandLine command = spec.commandLine();
    if (input.rules != null || input.rules6 != null) {
      throw new ParameterException(command, "OLD and NEW are the rulesets: leave out --rules");
    }
    boolean noCaptures =
        input.captures.in.isEmpty() && input.captures.local.isEmpty() && captures.isEmpty();
    refuseWhatIsLeftOut(command, noCaptures);
    Set<Change> failing = failing(command);
    Accepted accepted =
        accept == null
            ? Accepted.NOTHING
            : Accepted.parse(accept.toString(), InputOptions.text(accept));
    input.captures.files = captures;
    input.captures.mayBeNone = symbolic;
    Side before = side(command, old);
    Side after = before == null ? null : side(command, now);
    if (after == null) {
      return ExitCode.RULES_REJECTED;
    }
    List<SymbolicView> overAll = symbolic ? symbolic(before, after) : List.of();
    if (noCaptures && json == null && html == null) {
      return differs(overAll) ? ExitCode.NO : ExitCode.OK;
    }
    DiffView view =
        new DiffView(
                compare(before, after), Main.version(), old.toString(), now.toString(), accepted)
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
    if (witnesses != null && !symbolic) {
      throw new ParameterException(command, "--witnesses is for --symbolic");
    }
    boolean ofConnections = accept != null || markdown != null || sarif != null || github;
    if (symbolic && noCaptures && ofConnections) {
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
              !notCausal,
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
    if (witnesses == null) {
      return;
    }
    Packet p = new Packet();
    long number = 0;
    try (PcapWriter packets = new PcapWriter(witnesses, LinkLayer.RAW)) {
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
      return Accepted.changes(failOn);
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
    Path givenSets = input.ipset;
    Path givenHost = input.host;
    boolean folder = Files.isDirectory(path);
    boolean six = !folder && path.toString().endsWith(".v6");
    input.rules = folder ? existing(path.resolve("rules.v4"), null) : six ? null : path;
    input.rules6 = folder ? existing(path.resolve("rules.v6"), null) : six ? path : null;
    if (folder) {
      input.ipset = existing(path.resolve("ipset.save"), givenSets);
      input.host = existing(path.resolve("host"), givenHost);
    }
    if (input.rules == null && input.rules6 == null) {
      throw new ParameterException(command, path + ": no rules.v4 and no rules.v6 in this folder");
    }
    refuseStandardInput(command);
    input.listeners.refuseUnshared(command);
    InputOptions.Prepared prepared = input.prepare(command);
    String setsText = input.ipset == null ? "" : InputOptions.text(input.ipset);
    String hostText = input.host == null ? "" : texts(input.host);
    input.ipset = givenSets;
    input.host = givenHost;
    return prepared == null ? null : new Side(prepared, setsText, hostText);
  }

  private void refuseStandardInput(CommandLine command) {
    boolean any =
        Stream.concat(captures.stream(), Stream.of(old, now))
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
    if (github) {
      GitHubAnnotations.print(findings, out);
    }
    if (sarif != null) {
      try (AtomicFile file = new AtomicFile(sarif)) {
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
    if (markdown != null) {
      try (AtomicFile file = new AtomicFile(markdown)) {
        file.writer().write(DiffMarkdown.of(view));
        file.commit();
      }
    }
  }

  private void writeHtml(DiffView view) throws IOException {
    if (html != null) {
      try (AtomicFile file = new AtomicFile(html)) {
        DiffHtml.write(view, file.writer());
        file.commit();
      }
    }
  }

  private boolean usesStandardOutput() {
    return json != null && json.toString().equals(STANDARD_OUTPUT);
  }

  private void writeJson(DiffView view, PrintWriter out) throws IOException {
    if (usesStandardOutput()) {
      DiffJson.write(view, out);
    } else if (json != null) {
      try (AtomicFile file = new AtomicFile(json)) {
        DiffJson.write(view, file.writer());
        file.commit();
      }
    }
  }
}
