package org.fwreplay.diff;

import java.util.HashMap;
import java.util.Map;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.packet.Family;
import org.fwreplay.region.Dimension;
import org.fwreplay.region.Witness;
import org.fwreplay.rule.Ruleset;

/**
 * Sends the packets of differences through the engine, with table filter of one ruleset and then of
 * the other: routing, connection tracking and hooks as in every run. Marks and states that a packet
 * needs are brought about by further tables and by packets before it.
 */
public final class WitnessCheck {
  private static final String LOOPBACK = "lo";

  private final Family family;
  private final Side old;
  private final Side now;

  /** One ruleset with the firewalls that have it. */
  private record Side(
      Family family,
      Ruleset ruleset,
      SetFile sets,
      Map<WitnessFirewall.Key, WitnessFirewall> firewalls) {
    WitnessFirewall firewall(WitnessFirewall.Key key) {
      return firewalls.computeIfAbsent(key, k -> new WitnessFirewall(family, k, ruleset, sets));
    }
  }

  /**
   * What came of it.
   *
   * @param witness the packet that shows the difference; one that does not, where none does
   * @param why empty where it was shown; else what kept the first packet from showing it
   */
  public record Answer(Witness witness, String why) {
    /** Whether the engine decides as the difference says, by the same rules. */
    public boolean confirmed() {
      return why.isEmpty();
    }
  }

  /** A check of differences between these two. */
  public WitnessCheck(Family family, Ruleset old, Ruleset now, SetFile oldSets, SetFile newSets) {
    this.family = family;
    this.old = new Side(family, old, oldSets, new HashMap<>());
    this.now = new Side(family, now, newSets, new HashMap<>());
  }

  /** Looks for a packet of a difference that shows it. */
  public Answer check(SymbolicDiff.Difference d) {
    String why = "";
    for (Witness each : d.witnesses()) {
      String found = differs(d, each);
      if (found == null) {
        return new Answer(each, "");
      }
      why = why.isEmpty() ? found : why;
    }
    return new Answer(d.witnesses().get(0), why);
  }

  private String differs(SymbolicDiff.Difference d, Witness w) {
    boolean six = family == Family.IPV6;
    if (w.protocol() == Dimension.NO_PROTOCOL || six && w.laterFragment()) {
      return "no such packet is made";
    }
    if (w.in().equals(LOOPBACK) || w.out().equals(LOOPBACK)) {
      return "on the loopback interface it meets two hooks";
    }
    WitnessFirewall.Key key =
        new WitnessFirewall.Key(d.hook(), w.in(), w.out(), WitnessFirewall.setup(six, w));
    String found = old.firewall(key).differs(w, d.old());
    found = found != null ? found : now.firewall(key).differs(w, d.now());
    return found == null || w.needs().isEmpty() ? found : "needs " + w.needs();
  }
}
