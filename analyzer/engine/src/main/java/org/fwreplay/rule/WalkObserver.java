package org.fwreplay.rule;

import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Evaluation;

/**
 * Is told of every step of a walk through a table; see {@link BoundRuleset#observe}. While somebody
 * is told, chains are walked rule by rule, with the same answers as by their index.
 */
public interface WalkObserver {
  /** The header's predicates, in the order in which they are asked. */
  int SOURCE = 0;

  int DESTINATION = 1;
  int IN = 2;
  int OUT = 3;
  int PROTOCOL = 4;
  int FRAGMENT = 5;

  /** The rule's first match; the next one is one more. */
  int MATCHES = 6;

  /** A packet comes into a table; the evaluation says at which hook. */
  void enters(BoundTable table, Packet packet, Evaluation evaluation);

  /**
   * A rule does not take the packet.
   *
   * @param place see {@link BoundRuleset#isRule}
   * @param predicate the first that failed: {@link #SOURCE} to {@link #FRAGMENT}, or {@link
   *     #MATCHES} and the index of a match
   */
  void missed(int place, int predicate, Packet packet, Evaluation evaluation);

  /** A rule takes the packet, or the end of a chain is reached; its target has not acted yet. */
  void hit(int place, Packet packet, Evaluation evaluation);

  /**
   * The packet's way through the table ended.
   *
   * @param place of the rule or chain end that decided
   * @param verdict of {@link org.fwreplay.xt.Verdict}
   */
  void decided(int place, int verdict, Packet packet, Evaluation evaluation);
}
