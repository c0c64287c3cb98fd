package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.packet.Family;

/** Parses one command line of iptables: what to do, with which chain, and the rule. */
final class CommandParser {
  private final ParseContext context;
  private final ParseContext.Place place;
  private final SourcePosition start;
  private final String text;
  private final List<Word> words;
  private final OptionWords options;
  private final RuleDraft draft;

  private CommandOption command;
  private Word chain;
  private String argument;
  private int number;
  private Word commandWord;
  private boolean invert;
  private boolean skipped;
  private boolean over;

  private CommandParser(
      ParseContext context,
      ParseContext.Place place,
      SourcePosition start,
      String text,
      List<Word> words) {
    this.context = context;
    this.place = place;
    this.start = start;
    this.text = text;
    this.words = new ArrayList<>(words);
    options = new OptionWords(this.words);
    draft = new RuleDraft(context, place, start, this.words, options);
  }

  /**
   * Parses a line; what is wrong with it goes to the diagnostics.
   *
   * @param text the line as it is to be shown in reports
   * @param counters packets and bytes that stood before the line
   * @return the command, or null where the line is wrong or is for the other family
   */
  static Command parse(
      ParseContext context,
      ParseContext.Place place,
      SourcePosition start,
      String text,
      List<Word> words,
      long[] counters) {
    CommandParser parser = new CommandParser(context, place, start, text, words);
    parser.draft.counters = counters;
    return parser.run();
  }

  private Command run() {
    int errors = context.diagnostics().errors();
    while (options.hasNext() && !over) {
      step();
    }
    if (skipped) {
      return null;
    }
    if (over) {
      return new Command(CommandOption.HELP, null, null, null, 0, List.of());
    }
    if (invert) {
      error(words.get(words.size() - 1), "nothing follows the !", "");
    }
    if (command == null) {
      if (context.diagnostics().errors() == errors) {
        error(words.get(0), "no command", "a rule begins with -A CHAIN (or -I, -D, -R)");
      }
      return null;
    }
    List<Rule> rules = takesRule() ? draft.finish(chain, text) : List.of();
    if (!takesRule() && draft.isStarted()) {
      error(commandWord, command.text() + " takes no rule", "");
    }
    boolean good = context.diagnostics().errors() == errors && !draft.isLeftOut();
    String name = chain == null ? null : chain.text();
    return good ? new Command(command, name, chain, argument, number, rules) : null;
  }

  private boolean takesRule() {
    return switch (command) {
      case APPEND, CHECK, INSERT, REPLACE -> true;
      case DELETE -> number == 0;
      default -> false;
    };
  }

  private void step() {
    if (!options.atOption()) {
      Word word = options.take();
      if (word.text().equals("!")) {
        if (invert) {
          error(word, "several ! in a row", "");
        }
        invert = true;
      } else {
        draft.stray(word);
      }
      return;
    }
    OptionWords.Found found = options.option();
    if (found == null && options.candidates().isEmpty() && draft.loadProtocolMatch()) {
      found = options.option();
    }
    boolean inverted = invert;
    invert = false;
    if (found == null) {
      draft.unknownOption(options);
    } else if (draft.isLost() && !found.exact()) {
      return;
    } else if (found.own() == null) {
      draft.extensionOption(found, inverted);
    } else {
      base(found.own(), found, inverted);
    }
  }

  private void base(CommandOption option, OptionWords.Found found, boolean inverted) {
    Word word = words.get(found.word());
    if (inverted && !option.isInvertible()) {
      error(word, "! cannot stand before " + option.text(), "");
    }
    Word value = found.attached() == null ? null : new Word(found.attached(), word.column());
    if (option.takesValue() && value == null) {
      if (!options.hasNext()) {
        error(word, "option " + word.text() + " needs a value", "");
        return;
      }
      value = options.take();
    }
    boolean behind = option.isInvertible() && value != null && value.text().equals("!");
    Word real = behind ? options.takeArgument() : value;
    if (behind && !draft.isOldInversion(option.text(), value, real, inverted)) {
      return;
    }
    if (option.isCommand()) {
      command(option, word, real);
    } else if (!environment(option, word)) {
      draft.base(option, word, real, inverted || behind);
    }
  }

  private void command(CommandOption option, Word word, Word value) {
    if (command != null) {
      error(word, "cannot use " + option.text() + " with " + command.text(), "one command a line");
      return;
    }
    command = option;
    commandWord = word;
    chain = value == null && option.takesOptionalValue() ? options.takeArgument() : value;
    switch (option) {
      case INSERT, DELETE, LIST, LIST_RULES, ZERO ->
          number(word, option == CommandOption.INSERT ? 1 : 0);
      case REPLACE -> {
        number(word, 0);
        if (number == 0) {
          error(word, "-R needs a chain and a rule number", "");
        }
      }
      case POLICY, RENAME -> {
        Word second = options.takeArgument();
        argument = second == null ? null : second.text();
        if (second == null) {
          String what = option == CommandOption.POLICY ? "policy" : "new name";
          error(word, option.text() + " needs a chain and a " + what, "");
        }
      }
      case NEW -> {
        if (isTarget(chain.text())) {
          error(chain, chain.text() + " is a target and cannot be a chain's name", "");
        }
      }
      default -> {}
    }
    if (option == CommandOption.POLICY && place.table() == TableType.NAT) {
      draft.refuseDropInNat(words.get(options.position() - 1));
    }
  }

  private boolean isTarget(String name) {
    return RuleTarget.standard(name) != null
        || context.extensions().target(name, context.family()) != null;
  }

  private void number(Word word, int fallback) {
    number = fallback;
    Word given = chain == null ? null : options.takeArgument();
    if (given == null) {
      return;
    }
    long n = Word.number(given.text());
    if (n < 1 || n > Integer.MAX_VALUE) {
      error(given, "\"" + given.text() + "\" is not a rule number", "they begin with 1");
    } else {
      number = (int) n;
    }
  }

  /** Options that are about the tool and not the rule. */
  private boolean environment(CommandOption option, Word word) {
    switch (option) {
      case VERBOSE, MODPROBE -> {}
      case IPV4 -> skipped |= context.family() != Family.IPV4;
      case IPV6 -> skipped |= context.family() != Family.IPV6;
      case TABLE ->
          error(
              word,
              "-t cannot be used in a dump",
              "the table is named by *" + place.table().text());
      case WAIT, WAIT_INTERVAL, NUMERIC, EXACT, LINE_NUMBERS ->
          error(word, "option " + word.text() + " has no place in a ruleset", "");
      case HELP, VERSION -> {
        over = true;
        context
            .diagnostics()
            .warning(
                start.at(word.column()),
                word.text(),
                context.tool() + "-restore ends here, and leaves table " + place.table().text(),
                "take " + word.text() + " out, and what follows is read");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void error(Word word, String message, String hint) {
    context.diagnostics().error(start.at(word.column()), word.text(), message, hint);
  }
}
