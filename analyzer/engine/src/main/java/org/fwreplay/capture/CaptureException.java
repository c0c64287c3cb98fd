package org.fwreplay.capture;

import java.io.IOException;

/** A file that cannot be read as a capture at all. */
public final class CaptureException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient CaptureProblem problem;

  /** An exception whose message is the problem's: file, byte offset, what was expected. */
  public CaptureException(CaptureProblem problem) {
    super(problem.toString());
    this.problem = problem;
  }

  /** The problem: file, byte offset and message. */
  public CaptureProblem problem() {
    return problem;
  }
}
