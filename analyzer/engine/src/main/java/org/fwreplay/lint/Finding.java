package org.fwreplay.lint;

import java.util.List;
import org.fwreplay.diagnostic.Severity;
import org.fwreplay.diagnostic.SourcePosition;

/**
 * Something to say about a place in a ruleset.
 *
 * @param code what kind it is: lower case with dashes, never changed; docs/lint.md lists them
 * @param position where; of what has no text of its own, the file's first character
 * @param related the other places that it is about
 */
public record Finding(
    Severity severity,
    String code,
    SourcePosition position,
    String message,
    List<Related> related) {

  /** The code of what refuses a text. */
  public static final String REJECTED = "rejected";

  /** A place that a finding is about too. */
  public record Related(SourcePosition position, String message) {}

  public Finding {
    related = List.copyOf(related);
  }

  /** One line: {@code FILE:LINE:COLUMN: SEVERITY: MESSAGE [CODE]}. */
  @Override
  public String toString() {
    return position + ": " + severity.text() + ": " + message + " [" + code + "]";
  }
}
