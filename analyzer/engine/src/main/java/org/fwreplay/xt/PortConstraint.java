package org.fwreplay.xt;

/**
 * A match that looks at nothing but ports before it can fail, so that a chain's rules can be found
 * by them. A match that looks at no port at all and never fails, such as a comment, is one, too.
 */
public interface PortConstraint {
  /** Every port. */
  int[] ANY = null;

  /**
   * Outside which source ports the match fails without a side effect: inclusive pairs of low and
   * high, ascending; {@link #ANY} where it may match with each.
   */
  int[] sourcePorts();

  /** The same for destination ports. */
  int[] destinationPorts();
}
