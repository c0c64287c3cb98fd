package org.fwreplay.rule;

/** Told of every rule that a packet hits; see {@link BoundRuleset#record}. */
@FunctionalInterface
public interface RuleHits {
  /**
   * A rule matched, or the end of a chain was reached: the policy of a built-in one, the return of
   * a user's.
   *
   * @param place see {@link BoundRuleset#isRule}
   */
  void hit(int place);

  /** A packet hit the same places as others of its flow before, in their order. */
  default void hit(int[] places) {
    for (int place : places) {
      hit(place);
    }
  }
}
