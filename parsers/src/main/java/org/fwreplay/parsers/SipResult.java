package org.fwreplay.parsers;

import java.util.List;
import java.util.Optional;

/**
 * What could be read of a datagram or segment: its messages, and what was wrong.
 *
 * @param messages those with a start line and a head, also if some of it made no sense
 * @param problem the first thing that could not be read, in one line
 */
public record SipResult(List<SipMessage> messages, Optional<String> problem) {

  /** Whether all could be read. */
  public boolean isWhole() {
    return problem.isEmpty();
  }
}
