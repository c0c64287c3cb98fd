package org.fwreplay.diff;

import java.util.Map;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.Ruleset;

/**
 * One of the rulesets from the old one to the new one.
 *
 * @param ruleset null for none
 * @param slots by table and chain, separated by a space, then by the rule's number less one: a
 *     number that rules have in common that belong together
 */
record Version(Ruleset ruleset, Map<String, int[]> slots) {
  /** The slots by the places of the ruleset when bound; ends of chains have negative ones. */
  int[] places(BoundRuleset bound) {
    int[] places = new int[bound == null ? 0 : bound.placeCount()];
    for (int place = 0; place < places.length; place++) {
      BoundRuleset.ChainRef ref = bound.chain(place);
      String chain = ref.table().name() + " " + ref.chain().name();
      places[place] =
          bound.isRule(place)
              ? slots.get(chain)[bound.rule(place).rule().number() - 1]
              : -2 - (chain.hashCode() & 0x3fffffff);
    }
    return places;
  }
}
