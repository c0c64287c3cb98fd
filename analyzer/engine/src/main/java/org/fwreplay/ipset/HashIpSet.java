package org.fwreplay.ipset;

import java.util.function.Consumer;

/** A set of one of the hash types. */
final class HashIpSet extends IpSet {
  private final SetType type;
  private final boolean ipv6;
  private final int bits;
  private final HashTable table;

  /** What a packet says, and what is looked up; reused. */
  private final Element scratch = new Element();

  HashIpSet(SetHeader header, IpSets sets, String name) {
    this(header, sets, name, new HashTable(header));
  }

  private HashIpSet(SetHeader header, IpSets sets, String name, HashTable table) {
    super(header, sets, name);
    type = header.type;
    ipv6 = header.ipv6();
    bits = header.addressBits();
    this.table = table;
  }

  @Override
  IpSet copy(IpSets into) {
    HashIpSet copy = new HashIpSet(header, into, name, table.copy());
    copy.references = references;
    return copy;
  }

  @Override
  Outcome command(Task task, Element element, Extras extras, boolean exist) throws SetException {
    return new HashCommand(this, task, element, extras, exist).run();
  }

  /** Does a command's task with one element whose prefixes are set. */
  Outcome single(Task task, Element e, Extras extras, boolean exist) {
    switch (task) {
      case ADD -> {
        Outcome outcome = table.add(e, extras, exist, now());
        while (outcome == Outcome.GROW) {
          table.resize(now());
          outcome = table.add(e, extras, exist, now());
        }
        return outcome;
      }
      case DELETE -> {
        return table.delete(e, now());
      }
      default -> {
        return test(e, null);
      }
    }
  }

  private boolean isHost(Element e) {
    return (!type.firstIsNet() || e.prefix == bits) && (!type.secondIsNet() || e.prefix2 == bits);
  }

  private Outcome test(Element e, SetQuery query) {
    return type.knowsNomatch() && isHost(e) ? testPrefixes(e, query) : table.test(e, query, now());
  }

  /** {@code mtype_test_cidrs}: an address is looked up with each prefix length there is. */
  private Outcome testPrefixes(Element e, SetQuery query) {
    table.forgetAlike();
    Prefixes outer = table.prefixes();
    for (int i = 0; i < outer.size() && !table.hasAlike(); i++) {
      Outcome outcome;
      if (type.firstIsNet()) {
        e.prefix = outer.get(i);
        e.keepPrefix(e.prefix, ipv6);
        outcome = type.secondIsNet() ? testSecond(e, query) : table.test(e, query, now());
      } else {
        e.prefix2 = outer.get(i);
        e.keepPrefix2(e.prefix2, ipv6);
        outcome = table.test(e, query, now());
      }
      if (outcome != Outcome.ABSENT) {
        return outcome;
      }
    }
    return Outcome.ABSENT;
  }

  private Outcome testSecond(Element e, SetQuery query) {
    Prefixes inner = table.secondPrefixes();
    long hi = e.hi2;
    long lo = e.lo2;
    Outcome outcome = Outcome.ABSENT;
    for (int i = 0; i < inner.size() && outcome == Outcome.ABSENT; i++) {
      e.prefix2 = inner.get(i);
      e.keepPrefix2(e.prefix2, ipv6);
      outcome = table.test(e, query, now());
    }
    e.hi2 = hi;
    e.lo2 = lo;
    return outcome;
  }

  @Override
  Outcome packet(Task task, SetQuery query) {
    Element e = scratch;
    if (!fill(task, query, e)) {
      return Outcome.INVALID;
    }
    return switch (task) {
      case ADD -> {
        Outcome outcome = table.add(e, query.extras, (query.flags & SetQuery.EXIST) != 0, now());
        yield outcome == Outcome.GROW ? Outcome.FULL : outcome;
      }
      case DELETE -> table.delete(e, now());
      default -> test(e, query);
    };
  }

  /** {@code hash_*_kadt}. */
  private boolean fill(Task task, SetQuery query, Element e) {
    e.nomatch = false;
    e.wildcard = false;
    e.physdev = false;
    e.iface = "";
    for (int i = 0; i < type.fields.size(); i++) {
      boolean good =
          switch (type.fields.get(i)) {
            case IP, NET -> i == 0 ? first(query, e) : second(query, e, i);
            case MAC -> (e.mac = query.mac(i)) != Element.NONE;
            case PORT -> port(query, e, i);
            case MARK -> mark(query, e);
            case IFACE -> !(e.iface = query.iface(i)).isEmpty();
            case SET -> false;
          };
      if (!good) {
        return false;
      }
    }
    prefixes(task, e);
    return true;
  }

  private boolean first(SetQuery query, Element e) {
    e.hi = query.addressHi(0) & header.maskHi;
    e.lo = query.addressLo(0) & header.maskLo;
    boolean mayBeZero = type != SetType.HASH_IP && type != SetType.HASH_IP_PORT;
    return mayBeZero || (e.hi | e.lo) != 0;
  }

  private boolean second(SetQuery query, Element e, int dimension) {
    e.hi2 = query.addressHi(dimension) & header.maskHi;
    e.lo2 = query.addressLo(dimension) & header.maskLo;
    return true;
  }

  private static boolean port(SetQuery query, Element e, int dimension) {
    boolean found = query.port(dimension);
    e.port = query.port;
    e.protocol = query.protocol;
    return found;
  }

  private boolean mark(SetQuery query, Element e) {
    e.mark = query.packet.mark & header.markmask;
    return true;
  }

  /** What is added or deleted is a network as long as the longest in the set. */
  private void prefixes(Task task, Element e) {
    boolean test = task == Task.TEST;
    if (type.firstIsNet()) {
      e.prefix = test ? bits : table.prefixes().longest(bits);
      e.keepPrefix(e.prefix, ipv6);
    }
    if (type.secondIsNet()) {
      Prefixes second = type.firstIsNet() ? table.secondPrefixes() : table.prefixes();
      e.prefix2 = test ? bits : second.longest(bits);
      e.keepPrefix2(e.prefix2, ipv6);
    }
  }

  @Override
  void flush() {
    table.clear();
  }

  @Override
  void elements(Consumer<String> each) {
    StringBuilder out = new StringBuilder();
    Element e = new Element();
    table.forEach(
        now(),
        entry -> {
          out.setLength(0);
          table.layout().read(entry, e);
          ElementText.append(out, header, e);
          String flags = (entry.nomatch ? " nomatch" : "") + (entry.wildcard ? " wildcard" : "");
          entry.save(header, now(), true, flags, out);
          each.accept(out.toString());
        });
  }

  @Override
  String headerText() {
    return header.text(table.size(), table.bucketSize());
  }
}
