package org.fwreplay.cli;

/** What the process tells its caller; the same for every command. */
public final class ExitCode {
  /** All well. */
  public static final int OK = 0;

  /** Trouble: unreadable input or an internal error. Nothing half-written is left behind. */
  public static final int TROUBLE = 1;

  /** Wrong usage of the command line. */
  public static final int USAGE = 2;

  /** The answer is "no": a regression, a failed expectation, a finding. */
  public static final int NO = 3;

  /** The ruleset was rejected. */
  public static final int RULES_REJECTED = 4;

  private ExitCode() {}
}
