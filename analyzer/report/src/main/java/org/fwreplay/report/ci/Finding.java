package org.fwreplay.report.ci;

import java.util.List;

/**
 * Something for a CI service to show at a line of a file.
 *
 * @param code what kind of thing it is, the same from run to run
 * @param error whether it fails the run; else it is a warning
 * @param line from 1
 * @param column from 1
 * @param related other places that it is about
 */
public record Finding(
    String code,
    boolean error,
    String title,
    String message,
    String file,
    int line,
    int column,
    List<Place> related) {

  /** A line of a file, and what is there. */
  public record Place(String file, int line, String text) {}
}
