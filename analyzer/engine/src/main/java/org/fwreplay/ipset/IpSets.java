package org.fwreplay.ipset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.fwreplay.diagnostic.Suggestions;

/**
 * All sets of a run. Their clock begins to run with the first packet; until then, what is loaded
 * has all its time before it. Not for several threads.
 */
public final class IpSets {
  /** The key under which the sets of a run are shared. */
  public static final String SHARED = "ipset";

  static final int TICKS_PER_SECOND = 250;

  /** A set's name has at most this many characters. */
  static final int MAX_NAME = 31;

  private static final long TICK_NS = 1_000_000_000L / TICKS_PER_SECOND;

  /** In the order of the kernel's slots: a set takes the first that is free. */
  private final List<IpSet> slots = new ArrayList<>();

  private final Map<String, IpSet> byName = new LinkedHashMap<>();
  private long start = Long.MIN_VALUE;
  private long now = 1;

  /** When the next tick begins: most packets come before, and need no division. */
  private long nextTickNs = Long.MIN_VALUE;

  /** The tick that the clock stands at. */
  long now() {
    return now;
  }

  /** Sets the clock to a packet's time, ns since the epoch. */
  public void clock(long timeNs) {
    if (timeNs >= nextTickNs) {
      long tick = Math.floorDiv(timeNs, TICK_NS);
      if (start == Long.MIN_VALUE) {
        start = tick - now;
      }
      now = Math.max(now, tick - start);
      nextTickNs = (tick + 1) * TICK_NS;
    }
  }

  /** The set of that name, or null. */
  public IpSet find(String name) {
    return byName.get(name);
  }

  /** The names of all sets, in the order of their slots. */
  public List<String> names() {
    return slots.stream().filter(s -> s != null).map(IpSet::name).toList();
  }

  /** The same sets with the same elements, to be changed on their own. */
  IpSets copy() {
    IpSets copy = new IpSets();
    copy.now = now;
    copy.start = start;
    slots.forEach(s -> copy.slots.add(null));
    for (boolean lists : new boolean[] {false, true}) {
      for (int i = 0; i < slots.size(); i++) {
        IpSet set = slots.get(i);
        if (set != null && set.header.type.isList() == lists) {
          IpSet same = set.copy(copy);
          copy.slots.set(i, same);
          copy.byName.put(same.name, same);
        }
      }
    }
    return copy;
  }

  SetException unknown(String name) {
    return new SetException("no set " + name, Suggestions.hint(name, names()));
  }

  IpSet existing(String name) throws SetException {
    IpSet set = find(name);
    if (set == null) {
      throw unknown(name);
    }
    return set;
  }

  /** {@code create}. */
  void create(String name, SetHeader header, boolean exist) throws SetException {
    IpSet other = find(name);
    if (other != null) {
      if (exist && header.isSameAs(other.header)) {
        return;
      }
      throw new SetException("set " + name + " exists already", "");
    }
    IpSet set =
        header.type.isBitmap()
            ? new BitmapIpSet(header, this, name)
            : header.type.isList()
                ? new ListIpSet(header, this, name)
                : new HashIpSet(header, this, name);
    byName.put(name, set);
    int free = slots.indexOf(null);
    if (free < 0) {
      slots.add(set);
    } else {
      slots.set(free, set);
    }
  }

  /** {@code destroy}; null for all. */
  void destroy(String name, boolean exist) throws SetException {
    expireLists();
    if (name == null) {
      for (IpSet set : byName.values()) {
        checkUnreferenced(set);
      }
      slots.clear();
      byName.clear();
      return;
    }
    if (exist && find(name) == null) {
      return;
    }
    IpSet set = existing(name);
    checkUnreferenced(set);
    set.flush();
    byName.remove(name);
    slots.set(slots.indexOf(set), null);
  }

  private void expireLists() {
    for (IpSet set : byName.values()) {
      if (set instanceof ListIpSet list) {
        list.expire();
      }
    }
  }

  private static void checkUnreferenced(IpSet set) throws SetException {
    if (set.references > 0) {
      throw new SetException("set " + set.name + " is a member of a list", "take it out first");
    }
  }

  /** {@code flush}; null for all. */
  void flush(String name) throws SetException {
    if (name == null) {
      byName.values().forEach(IpSet::flush);
    } else {
      existing(name).flush();
    }
  }

  /** {@code rename}. */
  void rename(String from, String to) throws SetException {
    expireLists();
    IpSet set = existing(from);
    checkUnreferenced(set);
    if (find(to) != null) {
      throw new SetException("set " + to + " exists already", "");
    }
    byName.remove(from);
    set.name = to;
    byName.put(to, set);
  }

  /** {@code swap}: names, slots and references change sides. */
  void swap(String from, String to) throws SetException {
    IpSet one = existing(from);
    IpSet two = existing(to);
    if (!one.header.type.isSwappableWith(two.header.type)
        || one.header.family != two.header.family) {
      throw new SetException(
          "sets " + from + " and " + to + " cannot be swapped",
          "two sets of the same type and family");
    }
    int references = one.references;
    one.references = two.references;
    two.references = references;
    one.name = to;
    two.name = from;
    int first = slots.indexOf(one);
    slots.set(slots.indexOf(two), one);
    slots.set(first, two);
    byName.put(to, one);
    byName.put(from, two);
    for (IpSet set : byName.values()) {
      if (set instanceof ListIpSet list) {
        list.swap(one, two);
      }
    }
  }

  /** All sets as {@code ipset save} prints them: lists of sets last. */
  public String save() {
    StringBuilder out = new StringBuilder();
    for (IpSet set : listsLast()) {
      save(set, false, out);
    }
    return out.toString();
  }

  private List<IpSet> listsLast() {
    List<IpSet> all = new ArrayList<>();
    for (boolean lists : new boolean[] {false, true}) {
      for (IpSet set : slots) {
        if (set != null && set.header.type.isList() == lists) {
          all.add(set);
        }
      }
    }
    return all;
  }

  /** {@code save}; of all with the name null. */
  String save(String name, boolean sorted) throws SetException {
    StringBuilder out = new StringBuilder();
    for (IpSet set : named(name)) {
      save(set, sorted, out);
    }
    return out.toString();
  }

  private static void save(IpSet set, boolean sorted, StringBuilder out) {
    out.append("create ").append(set.name).append(' ').append(set.type());
    out.append(set.headerText()).append('\n');
    String add = "add " + set.name + " ";
    members(set, sorted, e -> out.append(add).append(e).append('\n'));
  }

  private static void members(IpSet set, boolean sorted, Consumer<String> each) {
    if (!sorted || set.header.type.isList()) {
      set.elements(each);
      return;
    }
    List<String> members = new ArrayList<>();
    set.elements(members::add);
    members.sort(new ElementOrder());
    members.forEach(each);
  }

  private List<IpSet> named(String name) throws SetException {
    return name == null ? listsLast() : List.of(existing(name));
  }

  /** {@code list -name}; of all with the name null. */
  String listNames(String name) throws SetException {
    StringBuilder out = new StringBuilder();
    named(name).forEach(set -> out.append(set.name).append('\n'));
    return out.toString();
  }

  /**
   * {@code list}, but for the size in the kernel's memory; of all with the name null.
   *
   * @param terse whether the members are left out
   */
  String list(String name, boolean sorted, boolean terse) throws SetException {
    expireLists();
    StringBuilder out = new StringBuilder();
    for (IpSet set : named(name)) {
      out.append(out.length() == 0 ? "" : "\n");
      list(set, sorted, terse, out);
    }
    return out.toString();
  }

  private static void list(IpSet set, boolean sorted, boolean terse, StringBuilder out) {
    List<String> members = new ArrayList<>();
    members(set, sorted, members::add);
    out.append("Name: ").append(set.name).append("\nType: ").append(set.type());
    out.append("\nRevision: ").append(set.header.type.revision);
    out.append("\nHeader:").append(set.headerText());
    out.append("\nReferences: ").append(set.references);
    out.append("\nNumber of entries: ").append(members.size()).append('\n');
    if (!terse) {
      out.append("Members:\n");
      members.forEach(each -> out.append(each).append('\n'));
    }
  }
}
