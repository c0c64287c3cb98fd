package org.fwreplay.rule;

/** Packets and bytes by place, over all tables of a ruleset; see {@link BoundRuleset}. */
final class PlaceCounters {
  final long[] packets;
  final long[] bytes;
  private RuleHits hits;

  PlaceCounters(int places) {
    packets = new long[places];
    bytes = new long[places];
  }

  /** Has every hit told from now on; null for nobody. */
  void record(RuleHits recorder) {
    hits = recorder;
  }

  /** A packet of that length hit a place. */
  void hit(int place, int length) {
    packets[place]++;
    bytes[place] += length;
    if (hits != null) {
      hits.hit(place);
    }
  }

  /** A packet of that length hit places that others of its flow hit before. */
  void hit(int[] places, int length) {
    for (int place : places) {
      packets[place]++;
      bytes[place] += length;
    }
    if (hits != null) {
      hits.hit(places);
    }
  }
}
