package org.fwreplay.ipset;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.packet.Family;

/** Reads what stands behind the type in {@code create}. */
final class HeaderParser {
  static final long MAX_TIMEOUT = 2_147_483;
  private static final long LARGEST_BITMAP = 65_536;

  /** What the first revisions of the oldest types knew, each with a value; of no effect since. */
  private static final Set<String> IGNORED = Set.of("probes", "resize", "gc");

  private static final Set<SetType> OLDEST =
      EnumSet.of(
          SetType.HASH_IP,
          SetType.HASH_NET,
          SetType.HASH_IP_PORT,
          SetType.HASH_IP_PORT_IP,
          SetType.HASH_IP_PORT_NET);

  /** Options without a value, which may stand there twice. */
  private static final Set<String> FLAGS = Set.of("counters", "comment", "forceadd", "skbinfo");

  private final CommandWords words;
  private final SetType type;
  private final SetHeader header;
  private final Set<String> given = new TreeSet<>();
  private SetWord netmask;
  private SetWord bitmask;

  private HeaderParser(CommandWords words, SetType type) {
    this.words = words;
    this.type = type;
    header = new SetHeader(type);
  }

  static SetHeader parse(CommandWords words, String typeName, String name) throws SetException {
    SetType type = SetType.of(typeName);
    if (type == null) {
      throw new SetException(
          "no type \"" + typeName + "\"", Suggestions.hint(typeName, SetType.names()));
    }
    HeaderParser parser = new HeaderParser(words, type);
    parser.header.isTree = typeName.equals("iptree");
    parser.run(name);
    return parser.header;
  }

  private void run(String name) throws SetException {
    if (type.hasFamily() || type == SetType.BITMAP_IP || type == SetType.BITMAP_IP_MAC) {
      header.family = Family.IPV4;
    }
    header.initval = name.hashCode() * 0x9e3779b1;
    while (words.hasNext()) {
      option(words.next());
    }
    if (type.isBitmap()) {
      finishBitmap();
    }
    masks();
    if (type.isHash()) {
      header.hashSize =
          HashTable.powerOfTwo(Math.max(header.hashSize, SetHeader.SMALLEST_HASH_SIZE));
    }
  }

  private void option(SetWord word) throws SetException {
    String text = word.text().startsWith("--") ? word.text().substring(2) : word.text();
    boolean ignored = text.equals("gc") ? type == SetType.HASH_IP : OLDEST.contains(type);
    if (ignored && IGNORED.contains(text)) {
      words.value();
      return;
    }
    if (type.isBitmap() && (text.equals("from") || text.equals("to") || text.equals("network"))) {
      oldRange(text);
      return;
    }
    if (type.isHash() && (text.equals("network") || text.equals("from") || text.equals("to"))) {
      words.value();
      return;
    }
    boolean family = type.hasFamily() && (text.equals("-4") || text.equals("-6"));
    String name = family ? "family" : text;
    if (!type.createOptions().contains(name)) {
      throw new SetException(
          "create " + type.text + " takes no \"" + word.text() + "\"",
          Suggestions.hint(text, type.createOptions()));
    }
    if (!given.add(name) && !FLAGS.contains(name)) {
      throw new SetException("option " + name + " stands there twice", "");
    }
    if (family) {
      header.family = text.equals("-6") ? Family.IPV6 : Family.IPV4;
    } else {
      set(name);
    }
  }

  private void set(String name) throws SetException {
    switch (name) {
      case "counters" -> header.counters = true;
      case "comment" -> header.comments = true;
      case "forceadd" -> header.forceAdd = true;
      case "skbinfo" -> header.skbinfo = true;
      case "family" -> family(words.value());
      case "hashsize" -> header.hashSize = (int) number(name, 0, 1 << 24);
      case "maxelem" -> header.maxElements = number(name, 0, 0xffffffffL);
      case "timeout" -> header.timeout = number(name, 0, MAX_TIMEOUT);
      case "size" -> header.listSize = Math.max(4, number(name, 0, 0xffffffffL));
      case "initval" -> header.initval = (int) number(name, 0, 0xffffffffL);
      case "markmask" -> header.markmask = (int) number(name, 1, 0xffffffffL);
      case "bucketsize" -> {
        long size = number(name, 0, 255);
        header.bucketSize = (int) Math.min(12, Math.max(2, size + (size & 1)));
      }
      case "netmask" -> netmask = words.valueWord();
      case "bitmask" -> bitmask = words.valueWord();
      case "range" -> range(words.value());
      default -> throw new IllegalStateException(name);
    }
  }

  private long number(String name, long low, long high) throws SetException {
    return Numbers.parse(name, words.value(), low, high);
  }

  private void family(String text) throws SetException {
    header.family =
        switch (text) {
          case "inet", "ipv4", "-4" -> Family.IPV4;
          case "inet6", "ipv6", "-6" -> Family.IPV6;
          default -> throw new SetException("no family \"" + text + "\"", "inet or inet6");
        };
  }

  private void range(String text) throws SetException {
    int slash = text.indexOf('/');
    String range = type == SetType.BITMAP_PORT ? text.substring(text.indexOf(':') + 1) : text;
    int dash = range.indexOf('-');
    if (slash > 0 && type != SetType.BITMAP_PORT) {
      network(text);
    } else if (dash > 0) {
      header.first = bound(range.substring(0, dash));
      header.last = bound(range.substring(dash + 1));
    } else {
      throw new SetException(
          "\"" + text + "\" is not a range",
          type == SetType.BITMAP_PORT ? "FROM-TO" : "IP/PREFIX or FROM-TO");
    }
    given.add("from");
    given.add("to");
  }

  private void network(String text) throws SetException {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new SetException("\"" + text + "\" is not a network", "IP/PREFIX");
    }
    int prefix = (int) Numbers.parse("prefix length", text.substring(slash + 1), 0, 31);
    long mask = Element.mask4(prefix);
    header.first = Numbers.ipv4(text.substring(0, slash)) & mask;
    header.last = header.first | ~mask & 0xffffffffL;
  }

  private long bound(String text) throws SetException {
    return type == SetType.BITMAP_PORT ? ElementParser.port(text, "tcp") : Numbers.ipv4(text);
  }

  private void oldRange(String name) throws SetException {
    given.add(name);
    given.add("range");
    String value = words.value();
    switch (name) {
      case "from" -> header.first = bound(value);
      case "to" -> header.last = bound(value);
      default -> {
        network(value);
        given.addAll(List.of("from", "to"));
      }
    }
  }

  private void finishBitmap() throws SetException {
    if (!given.contains("from") || !given.contains("to")) {
      throw new SetException("create " + type.text + " needs a range", "range FROM-TO");
    }
    if (header.first > header.last) {
      long swap = header.first;
      header.first = header.last;
      header.last = swap;
    }
  }

  private void masks() throws SetException {
    int bits = header.addressBits();
    if (netmask != null && bitmask != null) {
      throw new SetException("netmask and bitmask exclude each other", "one of them");
    }
    if (netmask != null) {
      int length = (int) Numbers.parse("netmask", netmask.text(), 1, bits);
      header.netmask = length == bits ? 0 : length;
      header.maskHi = header.ipv6() ? Element.maskHi(length) : -1;
      header.maskLo = header.ipv6() ? Element.maskLo(length) : Element.mask4(length);
    }
    if (bitmask != null) {
      bitmask(bitmask.text());
    }
    if (type.isBitmap() && type != SetType.BITMAP_PORT) {
      checkSize();
    }
  }

  private void bitmask(String text) throws SetException {
    long[] both = header.ipv6() ? Numbers.ipv6(text) : new long[] {0, Numbers.ipv4(text)};
    if ((both[0] | both[1]) == 0) {
      throw new SetException("bitmask " + text + " leaves nothing", "at least one bit");
    }
    header.maskHi = both[0];
    header.maskLo = both[1];
    boolean all = header.ipv6() ? (both[0] & both[1]) == -1 : both[1] == 0xffffffffL;
    header.hasBitmask = !all;
  }

  /**
   * With a netmask the range is widened to whole networks, and room is made for all networks from
   * its first one on, up to a power of two.
   */
  private void checkSize() throws SetException {
    long elements = header.last - header.first + 1;
    if (header.netmask > 0) {
      long mask = Element.mask4(header.netmask);
      header.first &= mask;
      header.last |= ~mask & 0xffffffffL;
      int prefix = prefix(header.first, header.last);
      boolean all = header.first == 0 && header.last == 0xffffffffL;
      if (prefix == 0 && !all || header.netmask <= prefix) {
        throw new SetException(
            "the range is no network that is larger than its netmask", "a network");
      }
      elements = 1L << header.netmask - prefix;
    }
    if (elements > LARGEST_BITMAP) {
      throw new SetException(
          "the range has " + elements + " elements", "at most " + LARGEST_BITMAP);
    }
  }

  /** The longest network that begins with the first address and has the last; 0 for none. */
  private static int prefix(long first, long last) {
    int bits = 31;
    while (bits > 0 && (last & Element.mask4(bits)) != first) {
      bits--;
    }
    return bits;
  }
}
