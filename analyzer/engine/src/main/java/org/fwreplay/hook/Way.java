package org.fwreplay.hook;

import java.util.Arrays;
import org.fwreplay.host.RouteResult;
import org.fwreplay.packet.Hook;

/**
 * What packets of a flow meet behind connection tracking, where it is the same for all of them: the
 * routing decision, the places that they hit, and how it ends. Many flows share one.
 *
 * @param route null where they end before they are routed
 * @param places see {@link org.fwreplay.rule.BoundRuleset}, in the order in which they are hit
 * @param hook at which they end
 * @param rule place of what decided, see {@link PathListener#ended}
 */
record Way(RouteCache.Entry route, int[] places, Fate fate, Hook hook, int rule) {
  /** Whether the way is there for packets of that length: longer ones are answered, or cut. */
  boolean holds(int length) {
    return route == null
        || route.result.decision != RouteResult.FORWARD
        || length <= route.result.mtu;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Way w
        && route == w.route
        && fate == w.fate
        && hook == w.hook
        && rule == w.rule
        && Arrays.equals(places, w.places);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(places) * 31 + System.identityHashCode(route);
  }
}
