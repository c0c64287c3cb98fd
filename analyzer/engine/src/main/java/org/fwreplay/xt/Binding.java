package org.fwreplay.xt;

import java.util.function.Supplier;
import org.fwreplay.host.Host;
import org.fwreplay.packet.Family;

/** What a match or target may take hold of when its rule is bound to a run. */
public interface Binding {
  /** The firewall host: interfaces, addresses, routes, sysctls. */
  Host host();

  /** Its routing decisions. */
  org.fwreplay.host.Router router();

  /** The family of the ruleset. */
  Family family();

  /**
   * State shared by all rules of the run (both families) that ask with the same key, such as a list
   * of {@code recent}; made at the first request.
   */
  <T> T shared(Class<T> type, String key, Supplier<T> make);

  /** A random generator of its own for this rule, seeded by the run's seed and the rule's place. */
  java.util.SplittableRandom random();

  /** The table, chain and number (from 1) of the rule that is being bound, for log lines. */
  String table();
}
