package org.fwreplay.diff;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds for each connection the smallest set of edits that alone gives it its new fate: each edit
 * by itself, then by delta debugging (Zeller and Hildebrandt: ddmin), always by replaying.
 */
final class Blame {
  /** Up to so many edits, each is tried by itself first. */
  private static final int MOST_SINGLES = 60;

  /** Choices of edits that are tried at most. */
  private static final int MOST_TRIALS = 600;

  /** What became of connections: numbers that are the same for the same fate. */
  record Signatures(long[] values) {
    static Signatures of(List<Conversation> all, List<Conversation> wanted, int run) {
      return new Signatures(
          wanted.stream().mapToLong(c -> of(all.get(c.id).sides[run], c.change)).toArray());
    }

    /** As fine as what differs: who would ask for marks where a connection is cut. */
    private static long of(Conversation.Side side, Change change) {
      return switch (change) {
        case OTHER_RULE -> FrameState.mix(side.whole, side.rules);
        case MARKED_DIFFERENTLY -> side.whole;
        default -> side.fates;
      };
    }
  }

  /** Replays with some of the edits made. */
  @FunctionalInterface
  interface Trials {
    List<Signatures> run(List<BitSet> choices, List<Conversation> changed) throws IOException;
  }

  private final List<Conversation> changed;
  private final int edits;
  private final Trials trials;
  private final Signatures wanted;
  private final Map<BitSet, Signatures> known = new HashMap<>();

  Blame(List<Conversation> changed, int edits, Trials trials) {
    this.changed = changed;
    this.edits = edits;
    this.trials = trials;
    wanted =
        new Signatures(
            changed.stream().mapToLong(c -> Signatures.of(c.sides[1], c.change)).toArray());
  }

  List<Cause> causes(List<Edit> all) throws IOException {
    BitSet[] found = new BitSet[changed.size()];
    if (edits == 1) {
      java.util.Arrays.fill(found, choice(List.of(0)));
    } else {
      if (edits <= MOST_SINGLES) {
        singles(found);
      }
      together(found);
    }
    Map<BitSet, List<Conversation>> groups = new LinkedHashMap<>();
    BitSet unknown = new BitSet();
    for (int i = 0; i < found.length; i++) {
      BitSet key = found[i] == null ? unknown : found[i];
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(changed.get(i));
    }
    List<Cause> causes = new ArrayList<>();
    groups.forEach(
        (key, members) -> {
          List<Edit> chosen = key.isEmpty() ? all : key.stream().mapToObj(all::get).toList();
          causes.add(new Cause(List.copyOf(chosen), !key.isEmpty(), members));
        });
    return causes;
  }

  private static BitSet choice(List<Integer> edits) {
    BitSet choice = new BitSet();
    edits.forEach(choice::set);
    return choice;
  }

  private void singles(BitSet[] found) throws IOException {
    List<BitSet> choices = new ArrayList<>();
    for (int edit = 0; edit < edits; edit++) {
      choices.add(choice(List.of(edit)));
    }
    tryOut(choices);
    for (BitSet choice : choices) {
      claim(found, choice);
    }
  }

  private void claim(BitSet[] found, BitSet choice) {
    for (int i = 0; i < found.length; i++) {
      if (found[i] == null && fits(choice, i)) {
        found[i] = choice;
      }
    }
  }

  private void together(BitSet[] found) throws IOException {
    for (int i = 0; i < found.length && known.size() < MOST_TRIALS; i++) {
      if (found[i] == null) {
        List<Integer> every = new ArrayList<>();
        for (int edit = 0; edit < edits; edit++) {
          every.add(edit);
        }
        List<Integer> least = minimal(i, every);
        if (least.size() < edits || fits(tried(choice(least)), i)) {
          claim(found, choice(least));
        }
      }
    }
  }

  /** ddmin: a set of which no part does, so far as was tried. */
  private List<Integer> minimal(int conversation, List<Integer> every) throws IOException {
    List<Integer> rest = every;
    int parts = 2;
    while (rest.size() >= 2 && known.size() < MOST_TRIALS) {
      List<List<Integer>> some = new ArrayList<>(split(rest, parts));
      if (parts > 2) {
        some.addAll(complements(rest, split(rest, parts)));
      }
      tryOut(some.stream().map(Blame::choice).toList());
      List<Integer> smaller = null;
      for (List<Integer> each : some) {
        if (smaller == null && fits(choice(each), conversation)) {
          smaller = each;
        }
      }
      if (smaller != null) {
        parts = smaller.size() > rest.size() / 2 ? Math.max(parts - 1, 2) : 2;
        rest = smaller;
      } else if (parts >= rest.size()) {
        return rest;
      } else {
        parts = Math.min(rest.size(), parts * 2);
      }
    }
    return rest;
  }

  private static List<List<Integer>> split(List<Integer> all, int parts) {
    List<List<Integer>> some = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      int from = all.size() * i / parts;
      int to = all.size() * (i + 1) / parts;
      if (to > from) {
        some.add(all.subList(from, to));
      }
    }
    return some;
  }

  private static List<List<Integer>> complements(List<Integer> all, List<List<Integer>> parts) {
    List<List<Integer>> rests = new ArrayList<>();
    for (List<Integer> part : parts) {
      rests.add(all.stream().filter(edit -> !part.contains(edit)).toList());
    }
    return rests;
  }

  private BitSet tried(BitSet choice) throws IOException {
    tryOut(List.of(choice));
    return choice;
  }

  private void tryOut(List<BitSet> choices) throws IOException {
    List<BitSet> fresh =
        choices.stream().filter(each -> !known.containsKey(each)).distinct().toList();
    List<Signatures> results = fresh.isEmpty() ? List.of() : trials.run(fresh, changed);
    for (int i = 0; i < results.size(); i++) {
      known.put(fresh.get(i), results.get(i));
    }
  }

  /** Whether a connection fares with these edits as it does with all of them. */
  private boolean fits(BitSet choice, int conversation) {
    Signatures s = known.get(choice);
    return s != null && s.values[conversation] == wanted.values[conversation];
  }
}
