package org.fwreplay.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/** Runs command lines for tests, and keeps what they wrote. */
final class Commands {
  /** The top of the project. */
  static final Path ROOT = Path.of("../..");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine commandLine =
      Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  /** Runs a command line and gives its exit code. */
  int run(Object... words) {
    String[] args = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      args[i] = words[i].toString();
    }
    int code = commandLine.execute(args);
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    return code;
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  List<String> errLines() {
    return err.toString().lines().toList();
  }

  /** A file of a recorded case's outcome. */
  static Path kernel(String name, String file) {
    return ROOT.resolve("captures").resolve(name).resolve("kernel").resolve(file);
  }

  /** A ruleset of the examples. */
  static Path rules(String name) {
    return ROOT.resolve("rulesets").resolve(name).resolve("rules.v4");
  }
}
