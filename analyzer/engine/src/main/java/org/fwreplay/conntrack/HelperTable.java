package org.fwreplay.conntrack;

import java.util.ArrayList;
import java.util.List;

/** The helpers of a run, each for a protocol of a family: nf_conntrack_helper. */
public final class HelperTable {
  private final List<Entry> entries = new ArrayList<>();
  private final boolean byPort;

  private record Entry(ConntrackHelper helper, boolean ipv6, int protocol, int port) {}

  /**
   * A table without helpers.
   *
   * @param byPort whether helpers are assigned by port, as kernels before 6.0 may do
   */
  HelperTable(boolean byPort) {
    this.byPort = byPort;
  }

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

  /** {@code __nf_ct_try_assign_helper}: the template's, in old kernels else that of the port. */
  void choose(Connection ct, Connection template) {
    if (template != null && template.helper != null) {
      Tuple t = ct.original;
      ConntrackHelper helper = byName(template.helper, t.ipv6, t.protocol);
      if (helper != null) {
        assign(ct, helper);
        ct.status |= Connection.HELPER;
      }
    } else if (byPort) {
      assignByPort(ct);
    }
  }

  private void assignByPort(Connection ct) {
    Tuple t = ct.reply;
    ConntrackHelper helper = byPort(t.ipv6, t.protocol, t.sourcePort);
    if (helper != null) {
      assign(ct, helper);
    } else if (ct.help != null) {
      ct.help = null;
      ct.helper = null;
    }
  }

  static void assign(Connection ct, ConntrackHelper helper) {
    if (ct.help == null || ct.help.helper != helper) {
      ct.help = new ConnectionHelp(helper);
      ct.helper = helper.name();
    }
  }

  /**
   * NAT has chosen other answers: in old kernels the helper may be another ({@code
   * nf_conntrack_alter_reply}).
   */
  public void replyAltered(Connection ct) {
    boolean settled = ct.master != null || ct.help != null && ct.help.expectations != null;
    if (byPort && !settled && !ct.is(Connection.HELPER)) {
      assignByPort(ct);
    }
  }
}
