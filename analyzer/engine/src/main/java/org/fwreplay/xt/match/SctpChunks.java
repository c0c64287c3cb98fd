package org.fwreplay.xt.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Evaluation;

/**
 * The chunks that {@code -m sctp --chunk-types} asks for.
 *
 * @param types by number, ascending
 * @param flags what is asked of the flags of some types
 */
public record SctpChunks(Mode mode, List<Integer> types, Map<Integer, Flags> flags) {
  /** How the types are compared with those of the packet. */
  public enum Mode {
    ANY,
    ALL,
    ONLY
  }

  /** The flags that are looked at, and those of them that must be set. */
  public record Flags(int mask, int set) {}

  private static final int TYPES = 256;
  private static final int MAX_WITH_FLAGS = 4;

  /** A type of chunk, with letters for its flags from bit 7 on. */
  private record Chunk(String name, int type, String flags) {}

  private static final String NO_FLAGS = "--------";

  private static final List<Chunk> CHUNKS =
      List.of(
          new Chunk("DATA", 0, "----IUBE"),
          new Chunk("INIT", 1, NO_FLAGS),
          new Chunk("INIT_ACK", 2, NO_FLAGS),
          new Chunk("SACK", 3, NO_FLAGS),
          new Chunk("HEARTBEAT", 4, NO_FLAGS),
          new Chunk("HEARTBEAT_ACK", 5, NO_FLAGS),
          new Chunk("ABORT", 6, "-------T"),
          new Chunk("SHUTDOWN", 7, NO_FLAGS),
          new Chunk("SHUTDOWN_ACK", 8, NO_FLAGS),
          new Chunk("ERROR", 9, NO_FLAGS),
          new Chunk("COOKIE_ECHO", 10, NO_FLAGS),
          new Chunk("COOKIE_ACK", 11, NO_FLAGS),
          new Chunk("ECN_ECNE", 12, NO_FLAGS),
          new Chunk("ECN_CWR", 13, NO_FLAGS),
          new Chunk("SHUTDOWN_COMPLETE", 14, "-------T"),
          new Chunk("I_DATA", 64, "----IUBE"),
          new Chunk("RE_CONFIG", 130, NO_FLAGS),
          new Chunk("PAD", 132, NO_FLAGS),
          new Chunk("ASCONF", 193, NO_FLAGS),
          new Chunk("ASCONF_ACK", 128, NO_FLAGS),
          new Chunk("FORWARD_TSN", 192, NO_FLAGS),
          new Chunk("I_FORWARD_TSN", 194, NO_FLAGS));

  /** {@code MODE CHUNKS}: two words of a rule. */
  static SctpChunks parse(Argument argument) {
    int cut = argument.text().indexOf(' ');
    String mode = argument.text().substring(0, cut).toUpperCase(Locale.ROOT);
    String chunks = argument.text().substring(cut + 1);
    if (Arrays.stream(Mode.values()).noneMatch(m -> m.name().equals(mode))) {
      throw argument.fail("--chunk-types: \"" + mode + "\" is none of all, any and only");
    }
    if (chunks.startsWith("-") || chunks.startsWith("!")) {
      throw argument.fail("--chunk-types takes two words, such as all INIT,DATA");
    }
    List<Integer> types = new ArrayList<>();
    Map<Integer, Flags> flags = new LinkedHashMap<>();
    if (chunks.equalsIgnoreCase("ALL")) {
      for (int type = 0; type < TYPES; type++) {
        types.add(type);
      }
    } else if (!chunks.equalsIgnoreCase("NONE")) {
      types.addAll(types(argument, chunks, flags));
    }
    return new SctpChunks(Mode.valueOf(mode), List.copyOf(types), Map.copyOf(flags));
  }

  private static TreeSet<Integer> types(
      Argument argument, String chunks, Map<Integer, Flags> flags) {
    TreeSet<Integer> types = new TreeSet<>();
    for (String word : chunks.split(",")) {
      if (word.isEmpty()) {
        continue;
      }
      int colon = word.indexOf(':');
      Chunk chunk = chunk(argument, colon < 0 ? word : word.substring(0, colon));
      types.add(chunk.type);
      for (int i = colon + 1; colon >= 0 && i < word.length(); i++) {
        addFlag(argument, chunk, word.charAt(i), flags);
      }
    }
    return types;
  }

  private static Chunk chunk(Argument argument, String name) {
    for (Chunk chunk : CHUNKS) {
      if (chunk.name.equalsIgnoreCase(name)) {
        return chunk;
      }
    }
    List<String> all = CHUNKS.stream().map(Chunk::name).toList();
    throw argument.fail(
        "--chunk-types: unknown chunk \""
            + name
            + "\" ("
            + String.join(", ", all)
            + ", ALL, NONE)");
  }

  /** A capital letter asks for a flag to be set, a small one for it not to be. */
  private static void addFlag(
      Argument argument, Chunk chunk, char letter, Map<Integer, Flags> flags) {
    int place = chunk.flags.indexOf(Character.toUpperCase(letter));
    if (place < 0) {
      throw argument.fail("--chunk-types: " + chunk.name + " has no flag \"" + letter + "\"");
    }
    // iptables counts types by their place in its list, so that I_DATA's flags go to a type that
    // does not exist.
    int type = CHUNKS.indexOf(chunk);
    Flags before = flags.getOrDefault(type, new Flags(0, 0));
    if (!flags.containsKey(type) && flags.size() == MAX_WITH_FLAGS) {
      throw argument.fail("--chunk-types: only " + MAX_WITH_FLAGS + " types can have flags");
    }
    int bit = 1 << 7 - place;
    int set = Character.isUpperCase(letter) ? before.set | bit : before.set;
    flags.put(type, new Flags(before.mask | bit, set));
  }

  /** As iptables-save writes it. */
  String text() {
    String start = mode.name().toLowerCase(Locale.ROOT) + " ";
    if (types.isEmpty() || types.size() == TYPES) {
      return start + (types.isEmpty() ? "NONE" : "ALL");
    }
    StringJoiner list = new StringJoiner(",");
    for (Chunk chunk : CHUNKS.stream().sorted((a, b) -> a.type - b.type).toList()) {
      if (types.contains(chunk.type)) {
        list.add(chunk.name + text(flags.get(chunk.type), chunk.flags));
      }
    }
    return start + list;
  }

  private static String text(Flags flags, String letters) {
    if (flags == null) {
      return "";
    }
    StringBuilder text = new StringBuilder(":");
    for (int i = 0; i < letters.length(); i++) {
      int bit = 1 << 7 - i;
      if ((flags.mask & bit) != 0) {
        char c = letters.charAt(i);
        text.append((flags.set & bit) != 0 ? c : Character.toLowerCase(c));
      }
    }
    return text.toString();
  }

  /** The chunks as arrays. */
  Compiled compile() {
    return new Compiled(this);
  }

  /** The chunks as arrays; not for several threads. */
  static final class Compiled {
    private static final int CHUNK_HEADER = 4;

    private final Mode mode;
    private final long[] map = new long[TYPES / 64];
    private final long[] missing = new long[TYPES / 64];
    private final int[] masks = new int[TYPES];
    private final int[] sets = new int[TYPES];

    private Compiled(SctpChunks chunks) {
      mode = chunks.mode;
      chunks.types.forEach(type -> map[type >> 6] |= 1L << type);
      chunks.flags.forEach(
          (type, flags) -> {
            masks[type] = flags.mask;
            sets[type] = flags.set;
          });
    }

    /** Walks the chunks from the first on; drops the packet where one is cut off. */
    boolean matches(Packet packet, int first, Evaluation evaluation) {
      System.arraycopy(map, 0, missing, 0, map.length);
      int at = first;
      do {
        int length = packet.has(at, CHUNK_HEADER) ? packet.u16(at + 2) : 0;
        if (length == 0) {
          evaluation.hotDrop = true;
          return false;
        }
        int type = packet.u8(at);
        boolean good =
            (map[type >> 6] & 1L << type) != 0 && (packet.u8(at + 1) & masks[type]) == sets[type];
        if (mode == Mode.ONLY && !good) {
          return false;
        }
        if (mode == Mode.ANY && good) {
          return true;
        }
        if (good) {
          missing[type >> 6] &= ~(1L << type);
        }
        at += length + 3 & ~3;
      } while (at < packet.end);
      return switch (mode) {
        case ANY -> false;
        case ONLY -> true;
        case ALL -> (missing[0] | missing[1] | missing[2] | missing[3]) == 0;
      };
    }
  }
}
