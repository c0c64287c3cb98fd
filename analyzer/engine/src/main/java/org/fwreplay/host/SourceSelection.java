package org.fwreplay.host;

import java.util.List;

/**
 * Choice of an IPv6 source address: RFC 6724 section 5 as {@code ipv6_dev_get_saddr} does it (rule
 * 4, home addresses, is not built into kernels any more; of rule 7 the system-wide preference).
 */
final class SourceSelection {
  private static final int RULES = 9;

  /** Prefixes and their labels, the longest first: RFC 6724 section 2.1 with Linux's own labels. */
  private static final Prefix[] LABELLED = {
    Prefix.parse("::1/128"),
    Prefix.parse("::ffff:0:0/96"),
    Prefix.parse("::/96"),
    Prefix.parse("2001::/32"),
    Prefix.parse("2001:10::/28"),
    Prefix.parse("3ffe::/16"),
    Prefix.parse("2002::/16"),
    Prefix.parse("fec0::/10"),
    Prefix.parse("fc00::/7"),
    Prefix.parse("::/0"),
  };

  private static final int[] LABELS = {0, 4, 3, 6, 7, 12, 2, 11, 5, 1};
  private static final Prefix ORCHID = LABELLED[4];

  private final Host host;
  private long dstHi;
  private long dstLo;
  private int dstScope;
  private int dstLabel;
  private int dev;

  SourceSelection(Host host) {
    this.host = host;
  }

  /**
   * The source for a destination that is reached by an interface (-1 for any); null when none fits.
   */
  InterfaceAddress select(int oif, long hi, long lo) {
    dstHi = hi;
    dstLo = lo;
    dstScope = Addresses.scope6(hi, lo);
    dstLabel = label(hi, lo);
    dev = oif;
    boolean onlyThere =
        oif >= 0
            && (Addresses.isMulticast6(hi)
                || dstScope <= Addresses.SCOPE_LINK_LOCAL
                || host.conf(oif).useOifAddrsOnly());
    if (onlyThere) {
      return best(oif, null, -1);
    }
    InterfaceAddress best = null;
    int bestDev = -1;
    for (int id = 0; id < host.interfaces().size(); id++) {
      InterfaceAddress candidate = best(id, best, bestDev);
      if (candidate != best) {
        best = candidate;
        bestDev = id;
      }
    }
    return best;
  }

  private InterfaceAddress best(int id, InterfaceAddress before, int beforeDev) {
    InterfaceAddress best = before;
    int bestDev = beforeDev;
    List<InterfaceAddress> addresses = host.networkInterface(id).addresses();
    for (int i = 0; i < addresses.size(); i++) {
      InterfaceAddress candidate = addresses.get(i);
      if (candidate.six()
          && (!candidate.tentative() || candidate.optimistic())
          && (best == null || better(candidate, id, best, bestDev))) {
        best = candidate;
        bestDev = id;
      }
    }
    return best;
  }

  private boolean better(InterfaceAddress a, int devA, InterfaceAddress b, int devB) {
    for (int rule = 0; rule < RULES; rule++) {
      int difference = score(rule, a, devA) - score(rule, b, devB);
      if (difference != 0) {
        return difference > 0;
      }
    }
    return false;
  }

  private int score(int rule, InterfaceAddress address, int id) {
    return switch (rule) {
      case 0 -> flag(address.hi() == dstHi && address.lo() == dstLo);
      case 1 -> scopeDistance(address);
      case 2 -> flag(isPreferred(address, id));
      case 3 -> flag(dev < 0 || dev == id);
      case 4 -> flag(label(address.hi(), address.lo()) == dstLabel);
      case 5 -> flag(address.temporary() == (host.conf(id).useTempaddr() >= 2));
      case 6 -> flag(ORCHID.contains(address.hi(), address.lo()) == ORCHID.contains(dstHi, dstLo));
      case 7 ->
          Math.min(
              Addresses.commonPrefix6(address.hi(), address.lo(), dstHi, dstLo),
              address.prefixLength());
      default -> flag(!address.optimistic());
    };
  }

  private static int flag(boolean value) {
    return value ? 1 : 0;
  }

  /** A scope that is just wide enough is best, one that is too narrow is worst. */
  private int scopeDistance(InterfaceAddress address) {
    int scope = Addresses.scope6(address.hi(), address.lo());
    return scope >= dstScope ? -scope : scope - 128;
  }

  private boolean isPreferred(InterfaceAddress address, int id) {
    boolean special =
        address.hi() == 0 && (address.lo() >>> 32 == 0xffff || address.lo() >>> 32 == 0);
    return special
        || !(address.deprecated() || (address.optimistic() && !host.conf(id).useOptimistic()));
  }

  private static int label(long hi, long lo) {
    for (int i = 0; i < LABELLED.length; i++) {
      if (LABELLED[i].contains(hi, lo)) {
        return LABELS[i];
      }
    }
    return -1;
  }
}
