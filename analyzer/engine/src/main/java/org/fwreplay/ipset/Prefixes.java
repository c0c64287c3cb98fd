package org.fwreplay.ipset;

/** Which prefix lengths the elements of a set have, the longest first. */
final class Prefixes {
  private final int[] counts = new int[129];
  private final int[] lengths = new int[129];
  private int size;

  void add(int length) {
    if (counts[length]++ > 0) {
      return;
    }
    int at = size++;
    while (at > 0 && lengths[at - 1] < length) {
      lengths[at] = lengths[at - 1];
      at--;
    }
    lengths[at] = length;
  }

  void remove(int length) {
    if (counts[length] == 0 || --counts[length] > 0) {
      return;
    }
    int at = 0;
    while (lengths[at] != length) {
      at++;
    }
    System.arraycopy(lengths, at + 1, lengths, at, --size - at);
  }

  int size() {
    return size;
  }

  int get(int index) {
    return lengths[index];
  }

  /** The longest, or that of a host where there is none. */
  int longest(int host) {
    return size == 0 ? host : lengths[0];
  }

  void clear() {
    java.util.Arrays.fill(counts, 0);
    size = 0;
  }

  void copyFrom(Prefixes other) {
    System.arraycopy(other.counts, 0, counts, 0, counts.length);
    System.arraycopy(other.lengths, 0, lengths, 0, lengths.length);
    size = other.size;
  }
}
