package org.fwreplay.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.report.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import tools.jackson.core.JacksonException;

/** The {@code fwreplay} command: the root of the subcommands. */
@Command(
    name = "fwreplay",
    description = "Replays captured traffic through an equivalent of Linux netfilter, offline.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
  /** Set to {@code true} to see the stack trace of an internal error. */
  static final String DEBUG_PROPERTY = "fwreplay.debug";

  /** By name, in the order in which help lists them. */
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("replay", ReplayCommand.class);
    COMMANDS.put("check", CheckCommand.class);
    COMMANDS.put("diff", DiffCommand.class);
    COMMANDS.put("explain", ExplainCommand.class);
    COMMANDS.put("lint", LintCommand.class);
    COMMANDS.put("show", ShowCommand.class);
    COMMANDS.put("info", InfoCommand.class);
    COMMANDS.put("extensions", ExtensionsCommand.class);
  }

  @Spec private CommandSpec spec;

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
      return reportTrouble(e, commandLine);
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
   *     looking all their options up takes longer than many a replay
   */
  static CommandLine commandLine(String... args) {
    CommandLine root = new CommandLine(new Main());
    Class<?> only = args.length == 0 ? null : COMMANDS.get(args[0]);
    for (Class<?> each : only == null ? COMMANDS.values() : List.of(only)) {
      root.addSubcommand(each);
    }
    return root.setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::rejectUsage)
        .setExecutionExceptionHandler((e, command, parsed) -> reportTrouble(e, command));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }

  private static int rejectUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(name + ": " + oneLine(e));
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("Try '" + name + " --help'.");
    }
    return ExitCode.USAGE;
  }

  private static int reportTrouble(Throwable e, CommandLine command) {
    PrintWriter err = command.getErr();
    err.println(command.getCommandSpec().qualifiedName() + ": " + oneLine(e));
    if (Boolean.getBoolean(DEBUG_PROPERTY)) {
      e.printStackTrace(err);
    }
    return ExitCode.TROUBLE;
  }

  private static String oneLine(Throwable e) {
    boolean wrapped = e instanceof UncheckedIOException || e instanceof JacksonException;
    if (wrapped && e.getCause() instanceof IOException io) {
      return oneLine(io);
    }
    String message = e.getMessage();
    boolean hasMessage = message != null && !message.isBlank();
    return hasMessage
        ? Printable.of(message.strip().replaceAll("\\R\\s*", " "))
        : e.getClass().getSimpleName();
  }

  /** The version from the jar's manifest. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(development)" : version;
  }

  /** The version for {@code --version}. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"fwreplay " + version()};
    }
  }
}
