package org.fwreplay.rule;

import java.util.HashMap;
import java.util.Map;

/** The options of iptables itself. */
enum CommandOption {
  APPEND('A', "append"),
  CHECK('C', "check"),
  DELETE('D', "delete"),
  RENAME('E', "rename-chain"),
  FLUSH('F', "flush"),
  INSERT('I', "insert"),
  LIST('L', "list"),
  NEW('N', "new-chain"),
  POLICY('P', "policy"),
  REPLACE('R', "replace"),
  LIST_RULES('S', "list-rules"),
  DELETE_CHAIN('X', "delete-chain"),
  ZERO('Z', "zero"),
  COUNTERS('c', "set-counters"),
  DESTINATION('d', "destination", "dst"),
  FRAGMENT('f', "fragments"),
  GOTO('g', "goto"),
  HELP('h', "help"),
  IN('i', "in-interface"),
  JUMP('j', "jump"),
  LINE_NUMBERS('\0', "line-numbers"),
  MATCH('m', "match"),
  MODPROBE('M', "modprobe"),
  NUMERIC('n', "numeric"),
  OUT('o', "out-interface"),
  PROTOCOL('p', "protocol"),
  SOURCE('s', "source", "src"),
  TABLE('t', "table"),
  VERBOSE('v', "verbose"),
  VERSION('V', "version"),
  WAIT('w', "wait"),
  WAIT_INTERVAL('W', "wait-interval"),
  EXACT('x', "exact"),
  IPV4('4', "ipv4"),
  IPV6('6', "ipv6");

  private static final String NO_VALUE = "fnvx46V";
  private static final String OPTIONAL_VALUE = "FLSXZwWh";

  private static final CommandOption[] BY_LETTER = new CommandOption[128];
  private static final Map<String, CommandOption> BY_NAME = new HashMap<>();

  static {
    for (CommandOption option : values()) {
      if (option.letter != 0) {
        BY_LETTER[option.letter] = option;
      }
      for (String name : option.names) {
        BY_NAME.put(name, option);
      }
    }
  }

  private final char letter;
  private final String[] names;
  private final boolean value;
  private final boolean optionalValue;

  CommandOption(char letter, String... names) {
    this.letter = letter;
    this.names = names;
    optionalValue = letter != 0 && OPTIONAL_VALUE.indexOf(letter) >= 0;
    value = letter != 0 && NO_VALUE.indexOf(letter) < 0 && !optionalValue;
  }

  /** The option of one letter, or null. */
  static CommandOption of(char letter) {
    return letter < BY_LETTER.length ? BY_LETTER[letter] : null;
  }

  /** The option of that long name, or null. */
  static CommandOption of(String name) {
    return BY_NAME.get(name);
  }

  /** All by their long names. */
  static Map<String, CommandOption> names() {
    return BY_NAME;
  }

  /** As messages name it. */
  String text() {
    return letter == 0 ? "--" + names[0] : "-" + letter;
  }

  boolean takesValue() {
    return value;
  }

  /** Whether a value may be attached, but is no word of its own. */
  boolean takesOptionalValue() {
    return optionalValue;
  }

  /** Whether it says what to do with a chain or rule. */
  boolean isCommand() {
    return ordinal() <= ZERO.ordinal();
  }

  /** Whether {@code !} may stand before it. */
  boolean isInvertible() {
    return switch (this) {
      case SOURCE, DESTINATION, PROTOCOL, IN, OUT, FRAGMENT -> true;
      default -> false;
    };
  }
}
