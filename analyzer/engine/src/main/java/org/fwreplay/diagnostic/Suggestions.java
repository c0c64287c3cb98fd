package org.fwreplay.diagnostic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Suggestions for misspelt names. */
public final class Suggestions {
  private Suggestions() {}

  /** "did you mean X? known are: ..." with the nearest names first. */
  public static String hint(String word, Collection<String> known) {
    if (known.isEmpty()) {
      return "there are none";
    }
    List<String> sorted = nearest(word, known);
    String first = sorted.get(0);
    boolean near = distance(word, first) <= Math.max(1, Math.min(3, word.length() / 2));
    return (near ? "did you mean " + first + "? " : "") + "known: " + String.join(", ", sorted);
  }

  /** All names, the most similar first. */
  public static List<String> nearest(String word, Collection<String> known) {
    List<String> sorted = new ArrayList<>(known);
    sorted.sort(
        Comparator.<String>comparingInt(name -> distance(word, name))
            .thenComparing(Comparator.naturalOrder()));
    return sorted;
  }

  /** Levenshtein's distance, case ignored; two neighbours that changed places count once. */
  public static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    int[] last = row;
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] beforeLast = last;
      last = row.clone();
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(last[j], row[j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        row[j] = swapped ? Math.min(row[j], beforeLast[j - 2] + 1) : row[j];
      }
    }
    return row[b.length()];
  }
}
