package org.fwreplay.packet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A random case of a family, told by its seed. */
public record FamilySeed(Family family, long seed) {
  /** So many cases of each family. */
  public static List<FamilySeed> each(int count) {
    List<FamilySeed> seeds = new ArrayList<>();
    for (Family family : Family.values()) {
      IntStream.range(0, count).forEach(seed -> seeds.add(new FamilySeed(family, seed)));
    }
    return seeds;
  }

  @Override
  public String toString() {
    return family + " seed " + seed;
  }
}
