package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Reads words as getopt_long does: options of one letter, alone or together, with the value
 * attached or in the next word; long options by any unambiguous beginning; what was added last
 * counts first.
 *
 * @param <T> what an option stands for
 */
final class OptionWords<T> {
  /**
   * An option that was read.
   *
   * @param attached a value in the same word, or null
   * @param word index of the option's word
   * @param exact whether its name was written in full
   */
  record Found<T>(T option, String attached, int word, boolean exact) {}

  private record Short<T>(T option, boolean value, boolean optional) {}

  /** The options that every line has; made once for all. */
  static final class Base<T> {
    private final Map<Character, Short<T>> letters = new LinkedHashMap<>();
    private final Map<String, T> names = new LinkedHashMap<>();

    /** Declares an option of one letter with its long names. */
    void add(char letter, boolean value, boolean optional, T option, String... longNames) {
      if (letter != 0) {
        letters.put(letter, new Short<>(option, value, optional));
      }
      for (String name : longNames) {
        names.put(name, option);
      }
    }
  }

  private final List<Word> words;
  private final Base<T> base;
  private final List<Map<String, T>> groups = new ArrayList<>();
  private int next;
  private int letter;
  private List<String> candidates = List.of();

  OptionWords(Base<T> base, List<Word> words) {
    this.base = base;
    this.words = words;
    groups.add(base.names);
  }

  /** Adds an extension's options, by name; those of its use before stand back for good. */
  void add(Map<String, T> longNames) {
    groups.subList(1, groups.size()).removeIf(g -> g.keySet().equals(longNames.keySet()));
    groups.add(longNames);
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
    return letter > 0 || text.length() > 1 && text.startsWith("-");
  }

  /** The option at the next word, taken; or null where there is none such (nothing is taken). */
  Found<T> option() {
    String text = words.get(next).text();
    candidates = List.of();
    return text.startsWith("--") && text.length() > 2 ? longOption(text) : shortOption(text);
  }

  /** Where {@link #option} found several: their names. */
  List<String> candidates() {
    return candidates;
  }

  private Found<T> longOption(String text) {
    int equals = text.indexOf('=');
    String name = text.substring(2, equals < 0 ? text.length() : equals);
    T option = resolve(name);
    if (option == null) {
      return null;
    }
    String value = equals < 0 ? null : text.substring(equals + 1);
    boolean exact = false;
    for (Map<String, T> group : groups) {
      exact |= group.containsKey(name);
    }
    return new Found<>(option, value, next++, exact);
  }

  private T resolve(String name) {
    T own = base.names.get(name);
    if (own != null) {
      return own;
    }
    for (int i = groups.size() - 1; i > 0; i--) {
      T exact = groups.get(i).get(name);
      if (exact != null) {
        return exact;
      }
    }
    TreeSet<String> names = new TreeSet<>();
    T only = null;
    boolean ambiguous = false;
    for (Map<String, T> group : groups) {
      for (Map.Entry<String, T> entry : group.entrySet()) {
        if (entry.getKey().startsWith(name)) {
          ambiguous |= only != null && only != entry.getValue();
          only = entry.getValue();
          names.add("--" + entry.getKey());
        }
      }
    }
    candidates = ambiguous ? List.copyOf(names) : List.of();
    return ambiguous ? null : only;
  }

  private Found<T> shortOption(String text) {
    int at = letter == 0 ? 1 : letter;
    Short<T> found = base.letters.get(text.charAt(at));
    if (found == null) {
      return null;
    }
    int word = next;
    boolean last = at + 1 == text.length();
    if (last || found.value || found.optional) {
      letter = 0;
      next++;
      return new Found<>(found.option, last ? null : text.substring(at + 1), word, true);
    }
    letter = at + 1;
    return new Found<>(found.option, null, word, true);
  }

  /** Leaves the word that no option was found in. */
  void skip() {
    letter = 0;
    next++;
  }

  /** All long names known now. */
  List<String> names() {
    TreeSet<String> names = new TreeSet<>();
    groups.forEach(group -> names.addAll(group.keySet()));
    return new ArrayList<>(names);
  }
}
