package org.fwreplay.diff;

import org.fwreplay.host.Host;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.replay.ReplayRun;

/**
 * All that a run needs beside the captures, old or new or between.
 *
 * @param host null to have one made up
 */
record Versions(Version ipv4, Version ipv6, SetFile sets, Host host) {
  /** The slots of the IPv4 rules by place. */
  int[] four(ReplayRun run) {
    return ipv4.places(run.rules4());
  }

  /** The slots of the IPv6 rules by place. */
  int[] six(ReplayRun run) {
    return ipv6.places(run.rules6());
  }
}
