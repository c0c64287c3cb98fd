package org.fwreplay.ipset;

/** What is wrong with a command. */
final class SetException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What would be accepted, or empty. */
  final transient String hint;

  SetException(String message, String hint) {
    super(message, null, false, false);
    this.hint = hint;
  }
}
