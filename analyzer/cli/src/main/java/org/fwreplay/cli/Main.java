package org.fwreplay.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The {@code fwreplay} command: the root of the subcommands. */
public final class Main extends Command {
  /** In the order in which help lists them. */
  private static final List<String> COMMANDS =
      List.of("replay", "check", "diff", "explain", "lint", "show", "info", "extensions");

  private Main() {
    super("Replays captured traffic through an equivalent of Linux netfilter, offline.");
    spec.name("fwreplay").version("fwreplay " + version());
    spec.usageMessage().synopsisSubcommandLabel("COMMAND");
  }

  /**
   * Runs a command and ends the process with its {@link ExitCode}.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  private static int execute(String[] args) {
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    CommandLine commandLine = commandLine(args).setOut(out).setErr(err);
    try {
      return commandLine.execute(args);
    } catch (StackOverflowError | OutOfMemoryError e) {
      return Failures.report(e, commandLine);
    } finally {
      out.flush();
      err.flush();
    }
  }

  /** What is written is UTF-8, wherever it goes; a reader that went away is no exception. */
  private static PrintWriter writer(FileDescriptor to) {
    OutputStream stream = new FileOutputStream(to);
    return new PrintWriter(
        new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8)));
  }

  /**
   * The command tree with the exit codes and the error texts of this tool.
   *
   * @param args the command line: where it begins with a command the others are left out, since
   *     making all their options takes longer than many a replay
   */
  static CommandLine commandLine(String... args) {
    CommandLine root = new Main().toCommandLine();
    boolean one = args.length > 0 && COMMANDS.contains(args[0]);
    for (String name : one ? List.of(args[0]) : COMMANDS) {
      root.addSubcommand(name, command(name).toCommandLine());
    }
    Failures failures = new Failures();
    return root.setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  private static Command command(String name) {
    return switch (name) {
      case "replay" -> new ReplayCommand();
      case "check" -> new CheckCommand();
      case "diff" -> new DiffCommand();
      case "explain" -> new ExplainCommand();
      case "lint" -> new LintCommand();
      case "show" -> new ShowCommand();
      case "info" -> new InfoCommand();
      case "extensions" -> new ExtensionsCommand();
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }

  /** The version from the jar's manifest. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(development)" : version;
  }
}
