package org.fwreplay.ipset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The types of sets, with the options that each takes. */
enum SetType {
  BITMAP_IP("bitmap:ip", 3, Field.IP),
  BITMAP_IP_MAC("bitmap:ip,mac", 3, Field.IP, Field.MAC),
  BITMAP_PORT("bitmap:port", 3, Field.PORT),
  HASH_IP("hash:ip", 6, Field.IP),
  HASH_MAC("hash:mac", 1, Field.MAC),
  HASH_IP_MAC("hash:ip,mac", 1, Field.IP, Field.MAC),
  HASH_NET("hash:net", 7, Field.NET),
  HASH_NET_NET("hash:net,net", 4, Field.NET, Field.NET),
  HASH_IP_PORT("hash:ip,port", 7, Field.IP, Field.PORT),
  HASH_NET_PORT("hash:net,port", 8, Field.NET, Field.PORT),
  HASH_IP_PORT_IP("hash:ip,port,ip", 6, Field.IP, Field.PORT, Field.IP),
  HASH_IP_PORT_NET("hash:ip,port,net", 8, Field.IP, Field.PORT, Field.NET),
  HASH_NET_PORT_NET("hash:net,port,net", 3, Field.NET, Field.PORT, Field.NET),
  HASH_IP_MARK("hash:ip,mark", 3, Field.IP, Field.MARK),
  HASH_NET_IFACE("hash:net,iface", 8, Field.NET, Field.IFACE),
  LIST_SET("list:set", 3, Field.SET);

  /** What an element consists of. */
  enum Field {
    IP,
    NET,
    MAC,
    PORT,
    MARK,
    IFACE,
    SET
  }

  /** Names from before ipset 5, and in their manner. */
  private static final Map<String, SetType> OLD_NAMES =
      Map.ofEntries(
          Map.entry("ipmap", BITMAP_IP),
          Map.entry("macipmap", BITMAP_IP_MAC),
          Map.entry("portmap", BITMAP_PORT),
          Map.entry("iphash", HASH_IP),
          Map.entry("iptree", HASH_IP),
          Map.entry("iptreemap", HASH_IP),
          Map.entry("machash", HASH_MAC),
          Map.entry("ipmachash", HASH_IP_MAC),
          Map.entry("nethash", HASH_NET),
          Map.entry("netnethash", HASH_NET_NET),
          Map.entry("netifacehash", HASH_NET_IFACE),
          Map.entry("ipporthash", HASH_IP_PORT),
          Map.entry("netporthash", HASH_NET_PORT),
          Map.entry("ipportiphash", HASH_IP_PORT_IP),
          Map.entry("ipportnethash", HASH_IP_PORT_NET),
          Map.entry("netportnethash", HASH_NET_PORT_NET),
          Map.entry("ipmarkhash", HASH_IP_MARK),
          Map.entry("setlist", LIST_SET));

  final String text;

  /** The newest revision that Linux 6.18 and ipset 7.17 both know. */
  final int revision;

  final List<Field> fields;

  SetType(String text, int revision, Field... fields) {
    this.text = text;
    this.revision = revision;
    this.fields = List.of(fields);
  }

  /** The type of that name, also an old one; or null. */
  static SetType of(String name) {
    SetType old = OLD_NAMES.get(name);
    return old != null
        ? old
        : Arrays.stream(values()).filter(t -> t.text.equals(name)).findFirst().orElse(null);
  }

  static List<String> names() {
    return Arrays.stream(values()).map(t -> t.text).toList();
  }

  boolean isBitmap() {
    return this == BITMAP_IP || this == BITMAP_IP_MAC || this == BITMAP_PORT;
  }

  boolean isList() {
    return this == LIST_SET;
  }

  boolean isHash() {
    return !isBitmap() && !isList();
  }

  /** How many directions ({@code src,dst}) a rule must give. */
  int dimension() {
    return fields.size();
  }

  boolean has(Field field) {
    return fields.contains(field);
  }

  boolean firstIsNet() {
    return fields.get(0) == Field.NET;
  }

  /** Whether the last field is a second address. */
  boolean hasSecondAddress() {
    Field last = fields.get(fields.size() - 1);
    return fields.size() > 1 && (last == Field.IP || last == Field.NET);
  }

  boolean secondIsNet() {
    return hasSecondAddress() && fields.get(fields.size() - 1) == Field.NET;
  }

  /** Whether elements may say {@code nomatch}. */
  boolean knowsNomatch() {
    return has(Field.NET);
  }

  /** Whether a set of this type has a family. */
  boolean hasFamily() {
    return isHash() && this != HASH_MAC;
  }

  /** Whether a network as wide as everything may be stored. */
  boolean storesNet0() {
    return this == HASH_NET_IFACE || this == HASH_NET_PORT_NET;
  }

  boolean knowsNetmask() {
    return this == BITMAP_IP || knowsBitmask();
  }

  boolean knowsBitmask() {
    return this == HASH_IP || this == HASH_IP_PORT || this == HASH_NET_NET;
  }

  /** Whether sets of the two types can be swapped: what the kernel calls features. */
  boolean isSwappableWith(SetType other) {
    return features().equals(other.features());
  }

  private List<String> features() {
    List<String> features = new ArrayList<>();
    for (Field field : EnumSet.copyOf(fields)) {
      features.add(field == Field.NET ? "IP" : field.name());
    }
    if (hasSecondAddress()) {
      features.add("IP2");
    }
    if (knowsNomatch()) {
      features.add("NOMATCH");
    }
    return features.stream().distinct().sorted().toList();
  }

  /** The options of {@code create}, as people write them now. */
  Set<String> createOptions() {
    Set<String> options = new TreeSet<>(List.of("timeout", "counters", "comment", "skbinfo"));
    if (isBitmap()) {
      options.add("range");
    } else if (isList()) {
      options.add("size");
    } else {
      options.addAll(List.of("hashsize", "maxelem", "forceadd", "bucketsize", "initval"));
    }
    if (hasFamily()) {
      options.add("family");
    }
    if (knowsNetmask()) {
      options.add("netmask");
    }
    if (knowsBitmask()) {
      options.add("bitmask");
    }
    if (this == HASH_IP_MARK) {
      options.add("markmask");
    }
    return options;
  }

  /** The options of {@code add}. */
  Set<String> addOptions() {
    Set<String> options =
        new TreeSet<>(
            List.of("timeout", "packets", "bytes", "comment", "skbmark", "skbprio", "skbqueue"));
    options.addAll(lookupOptions());
    if (this == HASH_NET_IFACE) {
      options.add("wildcard");
    }
    return options;
  }

  /** The options of {@code test}; {@code del} takes those of lists. */
  Set<String> lookupOptions() {
    if (isList()) {
      return Set.of("before", "after");
    }
    return knowsNomatch() ? Set.of("nomatch") : Set.of();
  }
}
