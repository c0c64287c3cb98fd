package org.fwreplay.host;

import java.util.HashMap;
import java.util.Map;

/**
 * Reads the realms of routes and rules, as {@code ip -j} prints them: numbers, or names where the
 * file {@code rt_realms} of iproute2 has some.
 */
final class RealmReader {
  private static final int MAX = 0xffff;

  private final Map<String, Integer> names = new HashMap<>(Map.of("cosmos", 0));
  private String unknown;

  /**
   * Reads iproute2's file: a number and a name on a line, {@code #} begins a comment.
   *
   * @param file for messages
   * @param text null where there is no such file
   */
  void names(String file, String text) {
    if (text == null) {
      return;
    }
    int number = 0;
    for (String line : text.split("\n")) {
      number++;
      String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
      if (words[0].isEmpty()) {
        continue;
      }
      int realm = words.length == 2 ? number(words[0]) : -1;
      if (realm < 0) {
        throw new HostException(
            file
                + ":"
                + number
                + ": expected a realm from 0 to 65535 and its name, found '"
                + line.strip()
                + "'");
      }
      names.put(words[1], realm);
    }
  }

  /** The realms in two members of an entry, each 0 where it is missing; see {@link NextHop}. */
  int read(Entry entry, String from, String to) {
    return realm(entry, from) << 16 | realm(entry, to);
  }

  private int realm(Entry entry, String member) {
    String text = entry.text(member, "0");
    int number = names.containsKey(text) ? names.get(text) : number(text);
    if (number < 0 && unknown == null) {
      unknown = text;
    }
    return Math.max(number, 0);
  }

  /** A number in iproute2's writing; -1 for anything else. */
  private static int number(String text) {
    try {
      int number = Integer.decode(text);
      return number > MAX ? -1 : number;
    } catch (NumberFormatException notANumber) {
      return -1;
    }
  }

  /** A name that nobody gave a number, null when there is none. */
  String unknown() {
    return unknown;
  }
}
