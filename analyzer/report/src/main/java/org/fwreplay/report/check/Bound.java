package org.fwreplay.report.check;

/**
 * How many there must be: {@code 3}, {@code 2-5}, {@code >= 1}, {@code < 10}, {@code none}, {@code
 * any}.
 */
record Bound(String text, long low, long high) {
  /** One or more. */
  static final Bound SOME = new Bound("at least 1", 1, Long.MAX_VALUE);

  static Bound parse(String given) {
    String text = given.strip();
    if (text.equals("none") || text.equals("never")) {
      return new Bound(text, 0, 0);
    }
    if (text.equals("any")) {
      return new Bound(text, 0, Long.MAX_VALUE);
    }
    String sign = text.replaceFirst("[0-9 ].*", "");
    String rest = text.substring(sign.length()).strip();
    int cut = rest.indexOf('-');
    try {
      long first = Long.parseLong(cut < 0 ? rest : rest.substring(0, cut).strip());
      long last = cut < 0 ? first : Long.parseLong(rest.substring(cut + 1).strip());
      return switch (sign) {
        case "", "=", "==" -> new Bound(text, first, last);
        case ">=" -> new Bound(text, first, Long.MAX_VALUE);
        case ">" -> new Bound(text, first + 1, Long.MAX_VALUE);
        case "<=" -> new Bound(text, 0, first);
        case "<" -> new Bound(text, 0, first - 1);
        default -> throw new NumberFormatException(sign);
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + given + "\": expected a number, A-B, >= N, < N, none or any", e);
    }
  }

  boolean holds(long number) {
    return number >= low && number <= high;
  }
}
