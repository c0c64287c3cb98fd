package org.fwreplay.report.flow;

import java.util.Arrays;
import java.util.Locale;
import org.fwreplay.hook.Fate;

/** Fates as keys in files: {@code ttlExceeded}. */
public final class FateNames {
  private static final String[] KEYS =
      Arrays.stream(Fate.values()).map(FateNames::camel).toArray(String[]::new);

  private FateNames() {}

  /** The key of a fate. */
  public static String key(Fate fate) {
    return KEYS[fate.ordinal()];
  }

  private static String camel(Fate fate) {
    StringBuilder key = new StringBuilder();
    for (String word : fate.name().toLowerCase(Locale.ROOT).split("_")) {
      key.append(key.isEmpty() ? word.charAt(0) : Character.toUpperCase(word.charAt(0)));
      key.append(word, 1, word.length());
    }
    return key.toString();
  }
}
