package org.fwreplay.rule;

import java.util.Set;
import org.fwreplay.diagnostic.Diagnostics;
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

  /** The table that a rule is for, with the chains that its user has made by now. */
  record Place(TableType table, Set<String> userChains) {}

  String tool() {
    return family == Family.IPV4 ? "iptables" : "ip6tables";
  }
}
