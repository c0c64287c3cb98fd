package org.fwreplay.report.page;

import java.util.Locale;

/** Numbers as the page shows them. */
final class Format {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  private static final double SECOND_NS = 1e9;

  private Format() {}

  /** {@code 1,234}. */
  static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /** {@code 1 frame}, {@code 2 frames}. */
  static String count(long n, String one, String many) {
    return count(n) + " " + (n == 1 ? one : many);
  }

  /** {@code 12.3 kB}. */
  static String bytes(long n) {
    if (n < 1000) {
      return n + " B";
    }
    double value = n;
    int unit = 0;
    while (value >= 999.95) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }

  /** A share of a whole in per cent with two digits, as SVG takes it. */
  static String percent(double part, double whole) {
    return whole <= 0 ? "0%" : String.format(Locale.ROOT, "%.2f%%", 100 * part / whole);
  }

  /** A share of a whole for people: {@code 54.5 %}. */
  static String share(double part, double whole) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * part / whole);
  }

  /** {@code 2.774}, in seconds. */
  static String time(long ns) {
    return String.format(Locale.ROOT, "%,.3f", ns / SECOND_NS);
  }

  /** {@code 2.774 s}. */
  static String seconds(long ns) {
    return String.format(Locale.ROOT, "%,.3f s", ns / SECOND_NS);
  }

  /** What is left out of a list; null for nothing. */
  static String more(long left) {
    return left <= 0 ? null : count(left) + " more are not in this page.";
  }
}
