package org.fwreplay.xt.target;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.nat.NatRange;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Verdict;

/**
 * Hands a range to NAT. The nat table is walked only for connections that are new or related and
 * have no translation of that kind yet.
 */
final class NatSetup {
  private NatSetup() {}

  static int verdict(Evaluation evaluation, Connection connection, NatRange range, int manip) {
    return evaluation.services.nat().setup(connection, range, manip)
        ? Verdict.ACCEPT
        : Verdict.DROP;
  }
}
