package org.fwreplay.diff;

import java.util.List;
import org.fwreplay.hook.Fate;

/**
 * What became of one frame under one ruleset, in words.
 *
 * @param fate null where the frame would never have been sent
 * @param out name of the interface by which it left, or empty
 * @param gateway the next hop, or empty
 * @param ends addresses and ports at the end of its way
 * @param mark the packet's, and the connection's
 * @param tos TOS or traffic class
 * @param answer what the host made because of it, or empty
 * @param logs prefixes of log lines
 * @param rule place of the rule that decided, -1 for none
 * @param hits places of all rules that the frame hit
 */
public record FrameOutcome(
    Fate fate,
    String out,
    String gateway,
    String ends,
    int mark,
    int connectionMark,
    int tos,
    int ttl,
    int length,
    String answer,
    List<String> logs,
    int rule,
    List<Integer> hits) {

  /** Whether the frame would never have been sent. */
  public boolean isUnsent() {
    return fate == null;
  }

  /** Whether the frame passed. */
  public boolean passed() {
    return fate != null && fate.passed();
  }

  /** The outcome in words, but for addresses, marks and the rule. */
  public String words() {
    if (isUnsent()) {
      return "never sent";
    }
    String way = passed() && !out.isEmpty() ? ", out " + out : "";
    String via = passed() && !gateway.isEmpty() ? " via " + gateway : "";
    return fate.text() + way + via + (answer.isEmpty() ? "" : ", answered with " + answer);
  }
}
