package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.fwreplay.xt.Option;

/**
 * Reads words as getopt_long does: options of one letter, alone or together, with the value
 * attached or in the next word; long options by any unambiguous beginning; what was added last
 * counts first.
 */
final class OptionWords {
  /**
   * An option that was read.
   *
   * @param own where it is one of iptables itself; else null
   * @param use the extension in the rule that it belongs to, or null
   * @param option of that extension, or null
   * @param attached a value in the same word, or null
   * @param word index of the option's word
   * @param exact whether its name was written in full
   */
  record Found(
      CommandOption own,
      ExtensionUse use,
      Option option,
      String attached,
      int word,
      boolean exact) {}

  private final List<Word> words;
  private final List<ExtensionUse> uses = new ArrayList<>(2);
  private int next;
  private int letter;
  private List<String> candidates = List.of();

  OptionWords(List<Word> words) {
    this.words = words;
  }

  /** Adds an extension's options; those of its use before stand back for good. */
  void add(ExtensionUse use) {
    uses.removeIf(before -> before.options.keySet().equals(use.options.keySet()));
    uses.add(use);
  }

  /** Parts the words from here on before an option that stands at another one's end. */
  void unglue(String name) {
    for (int i = next; i < words.size(); i++) {
      Word word = words.get(i);
      int cut = word.text().indexOf("--" + name);
      if (cut > 0) {
        words.set(i, new Word(word.text().substring(0, cut), word.column()));
        words.add(i + 1, new Word(word.text().substring(cut), word.column() + cut));
      }
    }
  }

  boolean hasNext() {
    return next < words.size();
  }

  /** Index of the word that is read next. */
  int position() {
    return next;
  }

  /** The next word as it is, taken. */
  Word take() {
    return words.get(next++);
  }

  /** The next word where it is neither an option nor {@code !}, taken; or null. */
  Word takeArgument() {
    if (!hasNext()) {
      return null;
    }
    String text = words.get(next).text();
    return text.startsWith("-") || text.startsWith("!") ? null : take();
  }

  /** Whether the next word is an option: begins with a dash and has more. */
  boolean atOption() {
    String text = words.get(next).text();
    return letter > 0 || text.length() > 1 && text.charAt(0) == '-';
  }

  /** The option at the next word, taken; or null where there is none such (nothing is taken). */
  Found option() {
    String text = words.get(next).text();
    candidates = List.of();
    return text.startsWith("--") && text.length() > 2 ? longOption(text) : shortOption(text);
  }

  /** Where {@link #option} found several: their names. */
  List<String> candidates() {
    return candidates;
  }

  private Found longOption(String text) {
    int equals = text.indexOf('=');
    String name = text.substring(2, equals < 0 ? text.length() : equals);
    String value = equals < 0 ? null : text.substring(equals + 1);
    CommandOption own = CommandOption.of(name);
    if (own != null) {
      return new Found(own, null, null, value, next++, true);
    }
    for (int i = uses.size() - 1; i >= 0; i--) {
      Option option = uses.get(i).options.get(name);
      if (option != null) {
        return new Found(null, uses.get(i), option, value, next++, true);
      }
    }
    return abbreviated(name, value);
  }

  private Found abbreviated(String name, String value) {
    TreeSet<String> names = new TreeSet<>();
    Set<Found> meant = new HashSet<>();
    CommandOption.names()
        .forEach(
            (own, option) -> {
              if (own.startsWith(name)) {
                names.add("--" + own);
                meant.add(new Found(option, null, null, value, next, false));
              }
            });
    for (ExtensionUse use : uses) {
      use.options.forEach(
          (other, option) -> {
            if (other.startsWith(name)) {
              names.add("--" + other);
              meant.add(new Found(null, use, option, value, next, false));
            }
          });
    }
    candidates = meant.size() > 1 ? List.copyOf(names) : List.of();
    if (meant.size() != 1) {
      return null;
    }
    next++;
    return meant.iterator().next();
  }

  private Found shortOption(String text) {
    int at = letter == 0 ? 1 : letter;
    CommandOption option = CommandOption.of(text.charAt(at));
    if (option == null) {
      return null;
    }
    int word = next;
    boolean last = at + 1 == text.length();
    if (last || option.takesValue() || option.takesOptionalValue()) {
      letter = 0;
      next++;
      return new Found(option, null, null, last ? null : text.substring(at + 1), word, true);
    }
    letter = at + 1;
    return new Found(option, null, null, null, word, true);
  }

  /** Leaves the word that no option was found in. */
  void skip() {
    letter = 0;
    next++;
  }

  /** All long names known now. */
  List<String> names() {
    TreeSet<String> names = new TreeSet<>(CommandOption.names().keySet());
    uses.forEach(use -> names.addAll(use.options.keySet()));
    return new ArrayList<>(names);
  }
}
