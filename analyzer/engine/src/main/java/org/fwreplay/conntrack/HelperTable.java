package org.fwreplay.conntrack;

import java.util.ArrayList;
import java.util.List;

/** The helpers of a run, each for a protocol of a family: nf_conntrack_helper. */
public final class HelperTable {
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(ConntrackHelper helper, boolean ipv6, int protocol, int port) {}

  /**
   * Adds a helper.
   *
   * @param port where servers listen, for kernels that assign helpers by port
   */
  public void register(ConntrackHelper helper, boolean ipv6, int protocol, int port) {
    entries.add(new Entry(helper, ipv6, protocol, port));
  }

  /** The helper of that name for a protocol, or null. */
  public ConntrackHelper byName(String name, boolean ipv6, int protocol) {
    for (Entry e : entries) {
      if (e.protocol == protocol && e.ipv6 == ipv6 && e.helper.name().equals(name)) {
        return e.helper;
      }
    }
    return null;
  }

  /** The helper for servers at a port, or null. */
  ConntrackHelper byPort(boolean ipv6, int protocol, int port) {
    for (Entry e : entries) {
      if (e.port == port && e.protocol == protocol && e.ipv6 == ipv6) {
        return e.helper;
      }
    }
    return null;
  }
}
