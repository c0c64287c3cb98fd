package org.fwreplay.xt;

/**
 * An option that an extension takes, declared as libxtables' guided option parser wants it.
 *
 * @param name without the leading dashes
 * @param value what the value looks like in help text, or empty for a flag without a value; each
 *     word of it stands for a word in the rule ({@code --tcp-flags mask comp} takes two), which
 *     {@link Argument#text} gives joined by a space; a single word in brackets ({@code [rate]}) may
 *     be left out of the rule
 * @param invertible whether {@code !} may stand before it
 * @param mandatory whether the extension cannot do without
 * @param repeatable whether it may be given more than once
 * @param group options of the same non-empty group exclude each other
 * @param alias another spelling of {@code name}, or empty
 */
public record Option(
    String name,
    String value,
    boolean invertible,
    boolean mandatory,
    boolean repeatable,
    String group,
    String alias) {

  /** An option without a value. */
  public static Option flag(String name) {
    return new Option(name, "", false, false, false, "", "");
  }

  /** An option with a value. */
  public static Option of(String name, String value) {
    return new Option(name, value, false, false, false, "", "");
  }

  /** The same, with {@code !} allowed before it. */
  public Option withInversion() {
    return new Option(name, value, true, mandatory, repeatable, group, alias);
  }

  /** The same, mandatory. */
  public Option required() {
    return new Option(name, value, invertible, true, repeatable, group, alias);
  }

  /** The same, repeatable. */
  public Option multiple() {
    return new Option(name, value, invertible, mandatory, true, group, alias);
  }

  /** The same, excluding the others of a group. */
  public Option excluding(String group) {
    return new Option(name, value, invertible, mandatory, repeatable, group, alias);
  }

  /** The same, with a second spelling. */
  public Option orAs(String alias) {
    return new Option(name, value, invertible, mandatory, repeatable, group, alias);
  }

  /** How many words of the rule must follow the option's name as its value. */
  public int words() {
    if (value.isEmpty() || hasOptionalValue()) {
      return 0;
    }
    int words = 1;
    for (int blank = value.indexOf(' '); blank >= 0; blank = value.indexOf(' ', blank + 1)) {
      words++;
    }
    return words;
  }

  /** Whether a word behind the option's name is its value unless it looks like an option. */
  public boolean hasOptionalValue() {
    return value.startsWith("[") && value.indexOf(']') == value.length() - 1;
  }

  /** Whether the option takes a value. */
  public boolean takesValue() {
    return !value.isEmpty();
  }
}
