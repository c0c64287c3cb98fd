package org.fwreplay.region;

import java.util.Arrays;
import java.util.TreeSet;
import org.fwreplay.rule.InterfaceMatch;

/**
 * The axis of interface names, cut like {@link ValueAxis}: its points are the names in the rules,
 * for each {@code prefix+} all other names that begin so, all further names, and no interface. In
 * the order of the alphabet the names under a prefix stand side by side.
 */
final class NameAxis {
  /** Behind a prefix: all names under it that no rule names otherwise. Sorts behind them all. */
  private static final char OTHERS = '\uffff';

  private final TreeSet<String> open = new TreeSet<>();
  private String[] names;

  NameAxis() {
    open.add("");
    open.add("" + OTHERS);
  }

  /** The points of a name, inversion included; a name of no characters for no interface. */
  IntSet matching(InterfaceMatch match) {
    boolean isPrefix = match.name().endsWith("+");
    String name = isPrefix ? match.name().substring(0, match.name().length() - 1) : match.name();
    if (names == null) {
      open.add(isPrefix ? name + OTHERS : name);
      return IntSet.of(0);
    }
    IntSet points = isPrefix ? under(name) : IntSet.of(Arrays.binarySearch(names, name));
    return match.inverted() ? points.complement(names.length) : points;
  }

  private IntSet under(String prefix) {
    int first = Arrays.binarySearch(names, prefix);
    return IntSet.range(
        first >= 0 ? first : -first - 1, Arrays.binarySearch(names, prefix + OTHERS));
  }

  void freeze() {
    names = open.toArray(String[]::new);
    open.clear();
  }

  /** A name that stands for a point; empty for no interface. */
  String example(int point) {
    String name = names[point];
    return name.isEmpty() || name.charAt(name.length() - 1) != OTHERS
        ? name
        : unnamed(name.substring(0, name.length() - 1));
  }

  /** Whether a point is all names that begin so and are not named otherwise. */
  boolean isOthers(int point) {
    return !names[point].isEmpty() && names[point].charAt(names[point].length() - 1) == OTHERS;
  }

  private String unnamed(String prefix) {
    String name = prefix.isEmpty() ? "other" : prefix + "0";
    for (int i = 1; Arrays.binarySearch(names, name) >= 0; i++) {
      name = (prefix.isEmpty() ? "other" : prefix) + i;
    }
    return name;
  }

  int size() {
    return names == null ? 1 : names.length;
  }
}
