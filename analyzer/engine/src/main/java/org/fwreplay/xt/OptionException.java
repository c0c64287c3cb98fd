package org.fwreplay.xt;

/** What is wrong with an option of a rule, and at which word. */
public final class OptionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int word;

  /**
   * A complaint.
   *
   * @param word index of the offending word in the rule, or -1 for the extension as a whole
   * @param message what is wrong and what would be accepted
   */
  public OptionException(int word, String message) {
    super(message, null, false, false);
    this.word = word;
  }

  /** Index of the offending word in the rule, or -1. */
  public int word() {
    return word;
  }
}
