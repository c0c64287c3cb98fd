package org.fwreplay.ipset;

import java.util.List;
import java.util.Locale;
import org.fwreplay.ipset.IpSet.Task;
import org.fwreplay.packet.Names;
import org.fwreplay.packet.Protocols;

/** Reads an element as it stands in {@code add}, {@code del} and {@code test}. */
final class ElementParser {
  private static final int MAX_IFACE = 15;

  private final SetHeader header;
  private final SetType type;
  private final Task task;
  private final Element e = new Element();

  private ElementParser(SetHeader header, Task task) {
    this.header = header;
    this.type = header.type;
    this.task = task;
  }

  static Element parse(SetHeader header, Task task, String text) throws SetException {
    ElementParser parser = new ElementParser(header, task);
    parser.parse(text);
    return parser.e;
  }

  private void parse(String text) throws SetException {
    if (type.isList()) {
      list(text);
      return;
    }
    List<String> parts = List.of(text.split(",", -1));
    int most = type.fields.size();
    int least = type == SetType.BITMAP_IP_MAC ? 1 : most;
    if (parts.size() > most || parts.size() < least || parts.stream().anyMatch(String::isEmpty)) {
      throw new SetException(
          "\"" + text + "\" is not an element of " + type.text, "an element looks like " + shape());
    }
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      switch (type.fields.get(i)) {
        case IP, NET -> address(part, i);
        case MAC -> e.mac = mac(part);
        case PORT -> port(part);
        case MARK -> e.mark = (int) Numbers.parse("mark", part, 0, 0xffffffffL);
        case IFACE -> iface(part);
        default -> throw new IllegalStateException(type.text);
      }
    }
  }

  private String shape() {
    StringBuilder out = new StringBuilder();
    for (SetType.Field field : type.fields) {
      out.append(out.length() == 0 ? "" : ",");
      out.append(
          switch (field) {
            case IP -> "IP";
            case NET -> "IP/PREFIX";
            case MAC -> "MAC";
            case PORT -> "PROTOCOL:PORT";
            case MARK -> "MARK";
            case IFACE -> "[physdev:]INTERFACE";
            case SET -> "SET";
          });
    }
    return out.toString();
  }

  /** {@code NAME}, or in the old way {@code NAME,before|after,NAME}. */
  private void list(String text) throws SetException {
    String[] parts = text.split(",", -1);
    if (parts.length == 3 && parts[1].equals("before")) {
      e.before = parts[2];
    } else if (parts.length == 3 && parts[1].equals("after")) {
      e.after = parts[2];
    } else if (parts.length != 1) {
      throw new SetException(
          "\"" + text + "\" is not the name of a set", "NAME[,before|after,NAME]");
    }
    e.set = parts[0];
  }

  private boolean takesRange(int index) {
    boolean single = type == SetType.HASH_IP_MAC || type == SetType.BITMAP_IP_MAC || header.ipv6();
    return !single && (index == 0 || type.fields.get(index) == SetType.Field.NET);
  }

  private boolean takesPrefix(int index) {
    return type.fields.get(index) == SetType.Field.NET || takesRange(index);
  }

  private void address(String text, int index) throws SetException {
    int dash = text.indexOf('-');
    int slash = text.indexOf('/');
    int bits = header.addressBits();
    if (dash > 0) {
      if (!takesRange(index) || task == Task.TEST && type != SetType.HASH_IP) {
        throw new SetException("\"" + text + "\": a range is not taken here", "a single address");
      }
      put(index, text.substring(0, dash), Element.NONE);
      long to = Numbers.ipv4(text.substring(dash + 1));
      if (index == 0) {
        e.to = to;
      } else {
        e.to2 = to;
      }
      return;
    }
    int prefix = Element.NONE;
    if (slash >= 0) {
      prefix = (int) Numbers.parse("prefix length", text.substring(slash + 1), 0, bits);
      boolean bitmapTest = type.isBitmap() && task == Task.TEST;
      if (bitmapTest || prefix != bits && !takesPrefix(index)) {
        throw new SetException(
            "\"" + text + "\": a prefix length is not taken here", "a single address");
      }
    }
    put(index, slash < 0 ? text : text.substring(0, slash), prefix);
  }

  private void put(int index, String text, int prefix) throws SetException {
    long hi = 0;
    long lo;
    if (header.ipv6()) {
      long[] both = Numbers.ipv6(text);
      hi = both[0];
      lo = both[1];
    } else {
      lo = Numbers.ipv4(text);
    }
    if (index == 0) {
      e.hi = hi;
      e.lo = lo;
      e.prefix = prefix;
    } else {
      e.hi2 = hi;
      e.lo2 = lo;
      e.prefix2 = prefix;
    }
  }

  private static long mac(String text) throws SetException {
    if (!text.matches("[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}")) {
      throw new SetException("\"" + text + "\" is not a MAC address", "00:11:22:33:44:55");
    }
    long mac = 0;
    for (String part : text.split(":")) {
      mac = mac << 8 | Integer.parseInt(part, 16);
    }
    return mac;
  }

  private void iface(String text) throws SetException {
    e.physdev = text.startsWith("physdev:");
    e.iface = e.physdev ? text.substring("physdev:".length()) : text;
    if (e.iface.isEmpty() || e.iface.length() > MAX_IFACE) {
      throw new SetException(
          "\"" + e.iface + "\" is not an interface's name", "1 to " + MAX_IFACE + " characters");
    }
  }

  /** {@code [PROTOCOL:]PORT[-PORT]}, for ICMP {@code TYPE/CODE} or a name. */
  private void port(String text) throws SetException {
    int colon = text.indexOf(':');
    if (colon < 0) {
      e.protocol = Protocols.TCP;
      ports(text, "tcp");
      return;
    }
    String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = text.substring(colon + 1);
    e.protocol = protocol(name);
    boolean bitmap = type == SetType.BITMAP_PORT;
    if (bitmap && e.protocol != Protocols.TCP && e.protocol != Protocols.UDP) {
      throw new SetException("protocol " + name + " is not taken by " + type.text, "tcp or udp");
    }
    if (e.hasPorts()) {
      ports(rest, Names.protocolName(e.protocol));
    } else if (e.protocol == Protocols.ICMP || e.protocol == Protocols.ICMPV6) {
      icmp(name, rest);
    } else if (!rest.equals("0")) {
      throw new SetException("protocol " + name + " has no ports: \"" + rest + "\"", name + ":0");
    }
  }

  private static int protocol(String name) throws SetException {
    if (name.matches("[0-9].*")) {
      return (int) Numbers.parse("protocol", name, 0, 255);
    }
    int protocol = name.equals("icmpv6") ? Protocols.ICMPV6 : Names.protocol(name);
    if (protocol < 0) {
      throw new SetException(
          "no protocol \"" + name + "\"",
          org.fwreplay.diagnostic.Suggestions.hint(name, Names.protocols()));
    }
    return protocol;
  }

  private void icmp(String name, String text) throws SetException {
    boolean six = e.protocol == Protocols.ICMPV6;
    if (six != header.ipv6()) {
      throw new SetException(
          "protocol " + name + " is not for this set's family", six ? "icmp" : "icmpv6");
    }
    int slash = text.indexOf('/');
    e.port = slash < 0 ? IcmpNames.code(six, text) : 0;
    if (slash >= 0) {
      long kind = Numbers.parse("type", text.substring(0, slash), 0, 255);
      e.port = (int) (kind << 8 | Numbers.parse("code", text.substring(slash + 1), 0, 255));
    } else if (e.port < 0) {
      throw new SetException(
          "\"" + text + "\" is no " + name + " type",
          "TYPE/CODE; " + org.fwreplay.diagnostic.Suggestions.hint(text, IcmpNames.all(six)));
    }
  }

  private void ports(String text, String protocol) throws SetException {
    int dash = text.startsWith("[") ? text.indexOf('-', text.indexOf(']')) : text.indexOf('-');
    e.port = port(dash < 0 ? text : text.substring(0, dash), protocol);
    if (dash >= 0) {
      if (task == Task.TEST) {
        throw new SetException("\"" + text + "\": a range is not taken here", "a single port");
      }
      e.portTo = port(text.substring(dash + 1), protocol);
    }
  }

  static int port(String text, String protocol) throws SetException {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    String name = bracketed ? text.substring(1, text.length() - 1) : text;
    int named = name.isEmpty() ? -1 : Names.port(name, protocol);
    return named >= 0 ? named : (int) Numbers.parse("port", name, 0, 65_535);
  }
}
