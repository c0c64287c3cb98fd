package org.fwreplay.host;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Kernel settings by name, as {@code sysctl -a} prints them ({@code net.ipv4.ip_forward = 1}). In a
 * name with dots, {@code /} stands for a dot within a part ({@code
 * net.ipv4.conf.eth0/10.rp_filter}); names with slashes ({@code net/ipv4/conf/eth0.10/rp_filter})
 * are the same the other way round.
 */
public final class Sysctls {
  private final Map<String, String> values = new HashMap<>();

  /** No settings at all: everything is at its default. */
  public Sysctls() {}

  /**
   * Reads lines of {@code sysctl -a}; empty lines and comments (#, ;) are skipped.
   *
   * @param file name for messages
   * @throws HostException on a line without {@code =}
   */
  public static Sysctls parse(String file, String text) {
    Sysctls sysctls = new Sysctls();
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.charAt(0) == '#' || line.charAt(0) == ';') {
        continue;
      }
      int equals = line.indexOf('=');
      if (equals <= 0) {
        throw new HostException(
            file + ":" + number + ": expected 'name = value', found '" + line + "'");
      }
      sysctls.set(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
    }
    return sysctls;
  }

  void set(String name, String value) {
    values.put(canonical(name), value);
  }

  private static String canonical(String name) {
    int dot = name.indexOf('.');
    int slash = name.indexOf('/');
    if (slash < 0 || (dot >= 0 && dot < slash)) {
      return name;
    }
    StringBuilder swapped = new StringBuilder(name);
    for (int i = 0; i < swapped.length(); i++) {
      char c = swapped.charAt(i);
      swapped.setCharAt(i, c == '/' ? '.' : c == '.' ? '/' : c);
    }
    return swapped.toString();
  }

  /** The value, null when it is not set. */
  public String get(String name) {
    return values.get(canonical(name));
  }

  /** Whether there is a value. */
  public boolean isSet(String name) {
    return values.containsKey(canonical(name));
  }

  /** The value as a number, {@code otherwise} when it is not set or no number. */
  public int getInt(String name, int otherwise) {
    String value = get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return Integer.decode(value);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /**
   * The value as a set of numbers, as in {@code 0-1,3-127}; {@code otherwise} when it is not set or
   * no such list.
   *
   * @param size all numbers are less than this
   */
  public BitSet getBitmap(String name, int size, String otherwise) {
    String value = get(name);
    BitSet numbers = value == null ? null : bitmap(value, size);
    return numbers == null ? bitmap(otherwise, size) : numbers;
  }

  private static BitSet bitmap(String value, int size) {
    BitSet numbers = new BitSet(size);
    if (value.isEmpty()) {
      return numbers;
    }
    for (String range : value.split(",", -1)) {
      String[] ends = range.split("-", 2);
      try {
        int from = Integer.parseInt(ends[0]);
        int to = Integer.parseInt(ends[ends.length - 1]);
        if (from > to || to >= size) {
          return null;
        }
        numbers.set(from, to + 1);
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return numbers;
  }

  /** Whether any of {@code PREFIX.*.KEY} is set, as {@code net.ipv4.conf.*.send_redirects}. */
  boolean anySet(String prefix, String key) {
    String start = prefix + '.';
    String end = '.' + key;
    for (String name : values.keySet()) {
      if (name.startsWith(start) && name.endsWith(end)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The setting of one interface: its own, else that of {@code default}, else {@code otherwise}.
   *
   * @param family {@code ipv4} or {@code ipv6}
   */
  int conf(String family, String networkInterface, String key, int otherwise) {
    String prefix = "net." + family + ".conf.";
    int dflt = getInt(prefix + "default." + key, otherwise);
    return getInt(prefix + networkInterface.replace('.', '/') + '.' + key, dflt);
  }

  /** The setting of {@code all}. */
  int all(String family, String key, int otherwise) {
    return getInt("net." + family + ".conf.all." + key, otherwise);
  }
}
