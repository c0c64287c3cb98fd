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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fwreplay check}: expectations written down in files: pass or fail. */
@Command(
    name = "check",
    description =
        "Replays what suites name and says which of their expectations do not hold (docs/check.md)."
            + " With --init, writes a suite from what happens today.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  private static final String SNAPSHOT = ".snapshot";

  @Spec private CommandSpec spec;
  @Mixin private InputOptions input;

  @Parameters(
      paramLabel = "SUITE",
      arity = "1..*",
      description = "YAML files; with --init the one to write, and captures behind it.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--init",
      description = "Write a suite from what happens with these rules, host and captures.")
  private boolean init;

  @Option(names = "--update", description = "Write snapshots anew instead of comparing them.")
  private boolean update;

  @Option(names = "--junit", paramLabel = "FILE", description = "The results as JUnit XML.")
  private Path junit;

  @Option(names = "--sarif", paramLabel = "FILE", description = "What fails as SARIF 2.1.0.")
  private Path sarif;

  @Option(names = "--github", description = "Print what fails as GitHub's annotations, too.")
  private boolean github;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description =
          "How many suites are replayed side by side; as many as there are processors without it."
              + " What is printed does not depend on it.")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException {
    CommandLine command = spec.commandLine();
    if (init) {
      return init(command);
    }
    if (!input.captures.in.isEmpty() || !input.captures.local.isEmpty() || input.rules != null) {
      throw new ParameterException(
          command, "suites name their rules and captures: such options are for --init");
    }
    if (jobs < 1) {
      throw new ParameterException(command, "--jobs: 1 or more, not " + jobs);
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
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(jobs, files.size()));
    try {
      List<Future<List<Checked>>> running = new ArrayList<>();
      for (Path file : files) {
        Callable<List<Checked>> check = prepare(command, file);
        if (check == null) {
          return null;
        }
        running.add(pool.submit(check));
      }
      List<Checked> all = new ArrayList<>();
      for (Future<List<Checked>> each : running) {
        all.addAll(Tasks.result(each));
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
      CommandLine.populateCommand(given, suite.options().toArray(String[]::new));
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
    if (!update) {
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
    if (github) {
      GitHubAnnotations.print(CheckReports.findings(all), out);
    }
    if (junit != null) {
      try (AtomicFile file = new AtomicFile(junit)) {
        JUnitXml.write(CheckReports.tests(all), file.writer());
        file.commit();
      }
    }
    if (sarif != null) {
      try (AtomicFile file = new AtomicFile(sarif)) {
        Sarif.write(Main.version(), CheckReports.CODES, CheckReports.findings(all), file.writer());
        file.commit();
      }
    }
  }

  private int init(CommandLine command) throws IOException {
    Path suite = files.get(0);
    if (Files.exists(suite)) {
      throw new IOException(suite + ": is there already; --init writes a new suite");
    }
    input.captures.files = files.subList(1, files.size());
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
    add(lines, suite, "rules", input.rules);
    add(lines, suite, "rules6", input.rules6);
    add(lines, suite, "ipset", input.ipset);
    add(lines, suite, "host", input.host);
    lines.add("captures:");
    for (String each : input.captures.in) {
      int cut = each.indexOf('=');
      lines.add(
          "  - "
              + quoted(each.substring(0, cut))
              + ": "
              + beside(suite, Path.of(each.substring(cut + 1))));
    }
    input.captures.local.forEach(each -> lines.add("  - local: " + beside(suite, each)));
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
