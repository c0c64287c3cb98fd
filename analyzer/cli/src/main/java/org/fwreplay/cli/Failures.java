package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.fwreplay.report.Printable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import tools.jackson.core.JacksonException;

/**
 * Has failures become exit codes. A class and no lambdas: picocli's interfaces that lambdas
 * implement are left out of the class archive.
 */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  /** Set to {@code true} to see the stack trace of an internal error. */
  static final String DEBUG_PROPERTY = "fwreplay.debug";

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(name + ": " + oneLine(e));
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("Try '" + name + " --help'.");
    }
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return report(e, command);
  }

  /** Says what went wrong. */
  static int report(Throwable e, CommandLine command) {
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
}
