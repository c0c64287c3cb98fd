package org.fwreplay.rule;

import java.util.function.Predicate;
import org.fwreplay.packet.Family;
import org.fwreplay.xt.Extensions;

/**
 * What the parser of a rule has to know.
 *
 * @param allowUnsupported whether rules with unknown extensions or options are left out with a
 *     warning
 */
record ParseContext(
    Family family, Extensions extensions, Diagnostics diagnostics, boolean allowUnsupported) {

  /** What the rule's table offers to it. */
  record Place(TableType table, Predicate<String> hasChain, Predicate<String> hasUserChain) {}

  String tool() {
    return family == Family.IPV4 ? "iptables" : "ip6tables";
  }
}
