package org.fwreplay.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which elements of two lists of lines belong together, in order. */
final class Sequences {
  /** Above so many comparisons, the lines of a gap are not looked at for similar ones. */
  private static final int MOST_COMPARISONS = 250_000;

  private static final double SIMILAR = 0.5;

  private Sequences() {}

  /**
   * The longest common subsequence (Hunt and Szymanski): for each old line the index of the new
   * one, or -1.
   */
  static int[] common(List<String> old, List<String> now) {
    Map<String, List<Integer>> places = new HashMap<>();
    for (int j = now.size() - 1; j >= 0; j--) {
      places.computeIfAbsent(now.get(j), key -> new ArrayList<>()).add(j);
    }
    int[] tails = new int[Math.min(old.size(), now.size()) + 1];
    Link[] links = new Link[tails.length];
    int length = 0;
    for (int i = 0; i < old.size(); i++) {
      for (int j : places.getOrDefault(old.get(i), List.of())) {
        int at = Arrays.binarySearch(tails, 0, length, j);
        if (at < 0) {
          at = -at - 1;
          tails[at] = j;
          links[at] = new Link(i, j, at == 0 ? null : links[at - 1]);
          length = Math.max(length, at + 1);
        }
      }
    }
    int[] partner = new int[old.size()];
    Arrays.fill(partner, -1);
    for (Link link = length == 0 ? null : links[length - 1]; link != null; link = link.before) {
      partner[link.i] = link.j;
    }
    return partner;
  }

  private record Link(int i, int j, Link before) {}

  /**
   * Adds, between lines that belong together, those that are similar: where most words are the
   * same.
   */
  static void similar(List<String> old, List<String> now, int[] partner) {
    int fromOld = 0;
    int fromNow = 0;
    for (int i = 0; i <= partner.length; i++) {
      if (i == partner.length || partner[i] >= 0) {
        int toNow = i == partner.length ? now.size() : partner[i];
        gap(old, fromOld, i, now, fromNow, toNow, partner);
        fromOld = i + 1;
        fromNow = toNow + 1;
      }
    }
  }

  /** The pairs of greatest similarity in a gap that do not cross. */
  private static void gap(
      List<String> old, int a, int b, List<String> now, int c, int d, int[] partner) {
    int n = b - a;
    int m = d - c;
    if (n <= 0 || m <= 0 || (long) n * m > MOST_COMPARISONS) {
      return;
    }
    double[][] best = new double[n + 1][m + 1];
    for (int i = n - 1; i >= 0; i--) {
      for (int j = m - 1; j >= 0; j--) {
        double paired = similarity(old.get(a + i), now.get(c + j)) + best[i + 1][j + 1];
        best[i][j] = Math.max(paired, Math.max(best[i + 1][j], best[i][j + 1]));
      }
    }
    int i = 0;
    int j = 0;
    while (i < n && j < m) {
      if (best[i][j] == best[i + 1][j]) {
        i++;
      } else if (best[i][j] == best[i][j + 1]) {
        j++;
      } else {
        partner[a + i++] = c + j++;
      }
    }
  }

  /** The share of words in common, 0 below one half. */
  private static double similarity(String a, String b) {
    Set<String> words = new HashSet<>(List.of(a.split(" ")));
    Set<String> others = new HashSet<>(List.of(b.split(" ")));
    int most = Math.max(words.size(), others.size());
    words.retainAll(others);
    double share = (double) words.size() / most;
    return share >= SIMILAR ? share : 0;
  }
}
