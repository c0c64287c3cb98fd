package org.fwreplay.parsers;

import java.util.Optional;

/**
 * What could be read of a DNS message: all of it (no problem), its header and the questions up to
 * the first bad name (both), or nothing (a problem only).
 *
 * @param message the message; its lists of records are empty and EDNS is missing when there is a
 *     problem
 * @param problem why it could not be read to its end, in one line
 */
public record DnsResult(Optional<DnsMessage> message, Optional<String> problem) {

  /** Whether the whole message could be read. */
  public boolean isWhole() {
    return problem.isEmpty();
  }
}
