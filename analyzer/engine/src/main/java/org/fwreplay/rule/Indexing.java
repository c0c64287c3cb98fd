package org.fwreplay.rule;

import java.util.Locale;

/** Which chains are searched by an index and not walked rule by rule; the answers are the same. */
public enum Indexing {
  /** None. */
  NONE(Integer.MAX_VALUE),
  /** Those that are long enough to gain by it. */
  LONG(24),
  /** All. */
  ALL(1);

  private final int fewest;

  Indexing(int fewest) {
    this.fewest = fewest;
  }

  /** Whether a chain of so many rules has an index. */
  boolean covers(int rules) {
    return rules >= fewest;
  }

  /** As in {@code --index}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
