package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.AtomicFile;
import org.fwreplay.report.check.CheckReports;
import org.fwreplay.report.check.Checked;
import org.fwreplay.report.check.Checker;
import org.fwreplay.report.check.Suite;
import org.fwreplay.report.check.SuiteParser;
import org.fwreplay.report.ci.GitHubAnnotations;
import org.fwreplay.report.ci.JUnitXml;
import org.fwreplay.report.ci.Sarif;
import org.fwreplay.task.Task;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** {@code fwreplay check}: expectations written down in files: pass or fail. */
final class CheckCommand extends Command {
  private static final String SNAPSHOT = ".snapshot";

  private final InputOptions input = include(new InputOptions());

  private final Argument<List<Path>> files =
      files(
          0, "1..*", "SUITE", "YAML files; with --init the one to write, and captures behind it.");

  private final Argument<Boolean> init =
      flag("--init", "Write a suite from what happens with these rules, host and captures.");

  private final Argument<Boolean> update =
      flag("--update", "Write snapshots anew instead of comparing them.");

  private final Argument<Path> junit = file("--junit", "The results as JUnit XML.");

  private final Argument<Path> sarif = file("--sarif", "What fails as SARIF 2.1.0.");

  private final Argument<Boolean> github =
      flag("--github", "Print what fails as GitHub's annotations, too.");

  private final Argument<Integer> jobs =
      option(
          "--jobs",
          "N",
          Runtime.getRuntime().availableProcessors(),
          "How many suites are replayed side by side; as many as there are processors without it."
              + " What is printed does not depend on it.");

  CheckCommand() {
    super(
        "Replays what suites name and says which of their expectations do not hold (docs/check.md)."
            + " With --init, writes a suite from what happens today.");
  }

  @Override
  public Integer call() throws IOException {
    CommandLine command = spec.commandLine();
    if (init.get()) {
      return init(command);
    }
    if (!input.captures.in.get().isEmpty()
        || !input.captures.local.get().isEmpty()
        || input.rules.get() != null) {
      throw new ParameterException(
          command, "suites name their rules and captures: such options are for --init");
    }
    if (jobs.get() < 1) {
      throw new ParameterException(command, "--jobs: 1 or more, not " + jobs.get());
    }
    List<Checked> all = checkAll(command);
    if (all == null) {
      return ExitCode.RULES_REJECTED;
    }
    write(all, command.getOut());
    if (command.getOut().checkError()) {
      return ExitCode.TROUBLE;
    }
    return all.stream().allMatch(Checked::holds) ? ExitCode.OK : ExitCode.NO;
  }

  /** Reads suite after suite, and replays them side by side; null where rules were rejected. */
  private List<Checked> checkAll(CommandLine command) throws IOException {
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(jobs.get(), files.get().size()));
    try {
      List<Future<List<Checked>>> running = new ArrayList<>();
      for (Path file : files.get()) {
        Callable<List<Checked>> check = prepare(command, file);
        if (check == null) {
          return null;
        }
        running.add(pool.submit(check));
      }
      List<Checked> all = new ArrayList<>();
      for (Future<List<Checked>> each : running) {
        all.addAll(Task.<List<Checked>, IOException>result(each));
      }
      return all;
    } finally {
      pool.shutdownNow();
    }
  }

  /** What checks a suite; null where its rules were rejected. */
  private Callable<List<Checked>> prepare(CommandLine command, Path file) throws IOException {
    Suite suite = SuiteParser.parse(file, InputOptions.text(file));
    InputOptions given = new InputOptions();
    try {
      given.parse(suite.options());
      suite.captures().forEach(capture -> given.captures.files.add(Path.of(capture)));
      InputOptions.Prepared prepared = given.prepare(command);
      return prepared == null ? null : () -> run(file, suite, prepared);
    } catch (ParameterException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private List<Checked> run(Path file, Suite suite, InputOptions.Prepared prepared)
      throws IOException {
    ReplayRun run = prepared.builder().build();
    Checker checker = new Checker(run, suite);
    run.run();
    Path kept = file.resolveSibling(file.getFileName() + SNAPSHOT);
    String old = Files.exists(kept) ? Files.readString(kept) : null;
    if (!update.get()) {
      return checker.check(old);
    }
    checker.check(null);
    if (checker.hasSnapshot()) {
      Files.writeString(kept, checker.snapshot());
      return checker.check(checker.snapshot());
    }
    Files.deleteIfExists(kept);
    return checker.check(null);
  }

  private void write(List<Checked> all, PrintWriter out) throws IOException {
    CheckReports.print(all, out);
    if (github.get()) {
      GitHubAnnotations.print(CheckReports.findings(all), out);
    }
    if (junit.get() != null) {
      try (AtomicFile file = new AtomicFile(junit.get())) {
        JUnitXml.write(CheckReports.tests(all), file.writer());
        file.commit();
      }
    }
    if (sarif.get() != null) {
      try (AtomicFile file = new AtomicFile(sarif.get())) {
        Sarif.write(Main.version(), CheckReports.CODES, CheckReports.findings(all), file.writer());
        file.commit();
      }
    }
  }

  private int init(CommandLine command) throws IOException {
    Path suite = files.get().get(0);
    if (Files.exists(suite)) {
      throw new IOException(suite + ": is there already; --init writes a new suite");
    }
    input.captures.files = files.get().subList(1, files.get().size());
    InputOptions.Prepared prepared = input.prepare(command);
    if (prepared == null) {
      return ExitCode.RULES_REJECTED;
    }
    ReplayRun run = prepared.builder().build();
    Checker checker = new Checker(run, new Suite("", List.of(), List.of(), List.of()));
    run.run();
    try (AtomicFile file = new AtomicFile(suite)) {
      file.writer().write(checker.describe(header(suite)));
      file.commit();
    }
    command.getOut().println(suite + ": written");
    return ExitCode.OK;
  }

  private List<String> header(Path suite) {
    List<String> lines = new ArrayList<>();
    add(lines, suite, "rules", input.rules.get());
    add(lines, suite, "rules6", input.rules6.get());
    add(lines, suite, "ipset", input.ipset.get());
    add(lines, suite, "host", input.host.get());
    lines.add("captures:");
    for (String each : input.captures.in.get()) {
      int cut = each.indexOf('=');
      lines.add(
          "  - "
              + quoted(each.substring(0, cut))
              + ": "
              + beside(suite, Path.of(each.substring(cut + 1))));
    }
    input.captures.local.get().forEach(each -> lines.add("  - local: " + beside(suite, each)));
    input.captures.files.forEach(each -> lines.add("  - " + beside(suite, each)));
    return lines;
  }

  private static void add(List<String> lines, Path suite, String key, Path file) {
    if (file != null) {
      lines.add(key + ": " + beside(suite, file));
    }
  }

  /** A path as it is seen from the suite's folder. */
  private static String beside(Path suite, Path file) {
    Path folder = suite.toAbsolutePath().normalize().getParent();
    return quoted(folder.relativize(file.toAbsolutePath().normalize()).toString());
  }

  private static String quoted(String text) {
    boolean plain = text.matches("[A-Za-z0-9_./-]+") && !text.startsWith("-");
    return plain ? text : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
