package org.fwreplay.xt;

import org.fwreplay.packet.Family;

/** Writes a rule's words as {@code iptables-save} does. */
public final class RuleWriter {
  private final StringBuilder out;
  private final Family family;

  /** A writer that appends to {@code out}. */
  public RuleWriter(StringBuilder out, Family family) {
    this.out = out;
    this.family = family;
  }

  /** The family of the ruleset that is being written. */
  public Family family() {
    return family;
  }

  /** Writes {@code --name} after a space. */
  public RuleWriter flag(String name) {
    out.append(" --").append(name);
    return this;
  }

  /** Writes {@code [!] --name}. */
  public RuleWriter flag(String name, boolean inverted) {
    return invert(inverted).flag(name);
  }

  /** Writes {@code --name value}. */
  public RuleWriter option(String name, Object value) {
    return flag(name).word(value);
  }

  /** Writes {@code [!] --name value}. */
  public RuleWriter option(String name, boolean inverted, Object value) {
    return invert(inverted).option(name, value);
  }

  /** Writes {@code --name value} with the value quoted as libxtables does where it has to be. */
  public RuleWriter quoted(String name, boolean inverted, String value) {
    return invert(inverted).flag(name).word(quote(value));
  }

  /** Writes a word after a space. */
  public RuleWriter word(Object value) {
    out.append(' ').append(value);
    return this;
  }

  /** Writes text as it is. */
  public RuleWriter raw(String text) {
    out.append(text);
    return this;
  }

  private RuleWriter invert(boolean inverted) {
    if (inverted) {
      out.append(" !");
    }
    return this;
  }

  /** 32 bits as {@code 0x} hexadecimal. */
  public static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }

  /**
   * {@code xtables_save_string}: quotes where other than letters, digits, dash and underscore
   * occur.
   */
  public static String quote(String value) {
    boolean plain = !value.isEmpty();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean ok =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '-'
              || c == '_';
      plain &= ok;
    }
    if (plain) {
      return value;
    }
    StringBuilder b = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\' || c == '\'') {
        b.append('\\');
      }
      b.append(c);
    }
    return b.append('"').toString();
  }
}
