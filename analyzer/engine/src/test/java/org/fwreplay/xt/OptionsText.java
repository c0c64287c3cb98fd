package org.fwreplay.xt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Names;

/**
 * Reads options of one extension for tests: {@code -p tcp --dport 22 ! --syn}, checked against what
 * the extension declares. A {@code -p} says what the rule's protocol is.
 */
public final class OptionsText {
  private final Extension extension;
  private final List<Argument> given = new ArrayList<>();
  private int protocol;
  private boolean protocolInverted;
  private int protocolWord;

  private OptionsText(Extension extension) {
    this.extension = extension;
  }

  /** The options of an extension in a rule of table filter, chain FORWARD. */
  public static Arguments read(Extension extension, Family family, String text) {
    return read(extension, family, "filter", "FORWARD", text);
  }

  /** The options of an extension in a rule. */
  public static Arguments read(
      Extension extension, Family family, String table, String chain, String text) {
    OptionsText reader = new OptionsText(extension);
    reader.words(words(text));
    reader.check();
    return new Arguments(
        extension.name(),
        family,
        reader.protocol,
        reader.protocolInverted,
        reader.protocolWord,
        table,
        chain,
        reader.given,
        Map.of());
  }

  /** What an extension's match writes of itself. */
  public static String saved(PacketMatch match, Family family) {
    StringBuilder out = new StringBuilder();
    match.save(new RuleWriter(out, family));
    return out.toString().trim();
  }

  private void words(List<String> words) {
    boolean inverted = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("!")) {
        inverted = true;
      } else if (word.equals("-p")) {
        String name = words.get(++i);
        protocol = name.matches("[0-9]+") ? Integer.parseInt(name) : Names.protocol(name);
        protocolInverted = inverted;
        protocolWord = i;
        inverted = false;
      } else {
        Option option = option(word);
        if (inverted && !option.invertible()) {
          throw new OptionException(i, word + " cannot be inverted");
        }
        int count = option.words();
        if (i + count >= words.size()) {
          throw new OptionException(i, word + " requires an argument");
        }
        if (option.hasOptionalValue() && i + 1 < words.size()) {
          count = words.get(i + 1).matches("[-!].*") ? 0 : 1;
        }
        String value = String.join(" ", words.subList(i + 1, i + 1 + count));
        given.add(new Argument(option.name(), inverted, value, i + 1));
        inverted = false;
        i += count;
      }
    }
  }

  private Option option(String word) {
    for (Option option : extension.options()) {
      boolean alias = !option.alias().isEmpty() && word.equals("--" + option.alias());
      if (alias || word.equals("--" + option.name())) {
        return option;
      }
    }
    throw new OptionException(-1, "unknown option " + word);
  }

  private void check() {
    for (Option option : extension.options()) {
      long times = given.stream().filter(a -> a.option().equals(option.name())).count();
      if (times == 0 && option.mandatory()) {
        throw new OptionException(-1, "option --" + option.name() + " must be specified");
      }
      if (times > 1 && !option.repeatable()) {
        throw new OptionException(-1, "option --" + option.name() + " can only be used once");
      }
    }
    for (Argument a : given) {
      for (Argument b : given) {
        String group = option("--" + a.option()).group();
        boolean same = a.option().equals(b.option());
        if (!same && !group.isEmpty() && group.equals(option("--" + b.option()).group())) {
          throw new OptionException(
              -1, "--" + a.option() + " cannot be used together with --" + b.option());
        }
      }
    }
    boolean wanted = extension.protocols().isEmpty();
    if (!wanted && (protocolInverted || !extension.protocols().contains(protocol))) {
      throw new OptionException(-1, extension.name() + " needs its protocol");
    }
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean any = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\' && i + 1 < text.length()) {
        word.append(text.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
        any = true;
      } else if (c == ' ' && !quoted) {
        if (any) {
          words.add(word.toString());
        }
        word.setLength(0);
        any = false;
      } else {
        word.append(c);
        any = true;
      }
    }
    if (any) {
      words.add(word.toString());
    }
    return words;
  }
}
