package org.fwreplay.conntrack;

/**
 * What a helper's expectations of one class are allowed: {@code struct nf_conntrack_expect_policy}.
 *
 * @param max how many a connection may have at once; 0 for any number
 * @param timeoutNs how long each is waited for
 */
public record ExpectationPolicy(int max, long timeoutNs) {
  private static final long SECOND_NS = 1_000_000_000L;

  /** So many, for so many seconds. */
  public static ExpectationPolicy of(int max, int seconds) {
    return new ExpectationPolicy(max, seconds * SECOND_NS);
  }
}
