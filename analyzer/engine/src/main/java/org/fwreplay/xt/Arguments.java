package org.fwreplay.xt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fwreplay.packet.Family;

/** The options that a rule gave to one extension, checked against its declarations, in order. */
public final class Arguments {
  private final String extension;
  private final Family family;
  private final int protocol;
  private final boolean protocolInverted;
  private final int protocolWord;
  private final String table;
  private final String chain;
  private final List<Argument> given;
  private final Map<String, String> dialects;
  private final List<OptionException> warnings = new ArrayList<>();

  /**
   * The options of one extension in one rule.
   *
   * @param protocol the rule's {@code -p}, 0 for none
   * @param protocolWord index of its value in the rule
   * @param dialects see {@link #dialect}
   */
  public Arguments(
      String extension,
      Family family,
      int protocol,
      boolean protocolInverted,
      int protocolWord,
      String table,
      String chain,
      List<Argument> given,
      Map<String, String> dialects) {
    this.extension = extension;
    this.family = family;
    this.protocol = protocol;
    this.protocolInverted = protocolInverted;
    this.protocolWord = protocolWord;
    this.table = table;
    this.chain = chain;
    this.given = List.copyOf(given);
    this.dialects = Map.copyOf(dialects);
  }

  /**
   * Which of several ways to behave was asked for of an extension that systems differ about; empty
   * for its usual one. See {@link Extensions#withDialect}.
   */
  public String dialect(String name) {
    return dialects.getOrDefault(name, "");
  }

  /** The family of the ruleset. */
  public Family family() {
    return family;
  }

  /** The rule's protocol, 0 where it names none. */
  public int protocol() {
    return protocol;
  }

  /** Whether the rule says {@code ! -p}. */
  public boolean protocolInverted() {
    return protocolInverted;
  }

  /**
   * The rule's protocol as an option knows it that libxtables reads at once: 0 where {@code -p}
   * stands behind the option.
   */
  public int protocolBefore(Argument option) {
    return protocolWord < option.word() ? protocol : 0;
  }

  /** Whether the rule demands this very protocol: {@code -p} without {@code !}. */
  public boolean names(int number) {
    return protocol == number && !protocolInverted;
  }

  /** The table that the rule stands in. */
  public String table() {
    return table;
  }

  /** The chain that the rule stands in. */
  public String chain() {
    return chain;
  }

  /** All options given, in the order of the rule. */
  public List<Argument> all() {
    return given;
  }

  /** Whether the option was given. */
  public boolean has(String option) {
    return find(option) != null;
  }

  /** Whether the option was given with {@code !}. */
  public boolean inverted(String option) {
    Argument a = find(option);
    return a != null && a.inverted();
  }

  /** The option's last occurrence, or null. */
  public Argument find(String option) {
    for (int i = given.size() - 1; i >= 0; i--) {
      if (given.get(i).option().equals(option)) {
        return given.get(i);
      }
    }
    return null;
  }

  /** The option, which must have been given. */
  public Argument get(String option) {
    Argument a = find(option);
    if (a == null) {
      throw fail(extension + ": option \"--" + option + "\" must be specified");
    }
    return a;
  }

  /** A complaint about the extension as a whole, to be thrown. */
  public OptionException fail(String message) {
    return new OptionException(-1, message);
  }

  /** Tells the user something about a value that is taken all the same. */
  public void warn(Argument argument, String message) {
    warnings.add(argument.fail(message));
  }

  /** What was told. */
  public List<OptionException> warnings() {
    return warnings;
  }
}
