package org.fwreplay.ipset;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A set of sets, in the order in which they were added ({@code ip_set_list_set.c}). */
final class ListIpSet extends IpSet {
  private static final class Member extends Entry {
    IpSet set;
  }

  private final List<Member> members = new ArrayList<>();

  ListIpSet(SetHeader header, IpSets sets, String name) {
    super(header, sets, name);
  }

  /** Members are looked up by name in the copy, which must hold them by then. */
  @Override
  IpSet copy(IpSets into) {
    ListIpSet copy = new ListIpSet(header, into, name);
    copy.references = references;
    for (Member member : members) {
      Member same = new Member();
      same.set = into.find(member.set.name);
      same.copyExtras(member);
      copy.members.add(same);
    }
    return copy;
  }

  private boolean isExpired(Member member) {
    return header.hasTimeout() && member.isExpired(now());
  }

  /** Members leave their list as soon as their time is over. */
  void expire() {
    for (int i = members.size() - 1; i >= 0; i--) {
      if (isExpired(members.get(i))) {
        remove(i);
      }
    }
  }

  /** After a swap of two sets the members stand for whatever has their names. */
  void swap(IpSet one, IpSet two) {
    for (Member member : members) {
      member.set = member.set == one ? two : member.set == two ? one : member.set;
    }
  }

  private void remove(int index) {
    members.remove(index).set.references--;
  }

  @Override
  Outcome command(Task task, Element e, Extras extras, boolean exist) throws SetException {
    expire();
    IpSet set = known(e.set);
    if (set.header.type.isList()) {
      throw new SetException("a list of sets cannot be a member of one", "a set of another type");
    }
    IpSet before = e.before == null ? null : known(e.before);
    IpSet after = e.after == null ? null : known(e.after);
    int at = indexOf(set);
    return switch (task) {
      case ADD -> add(at, set, before, after, extras, exist);
      case DELETE -> delete(at, before, after);
      default -> {
        boolean found = at >= 0 && isNeighbour(at + 1, before) && isNeighbour(at - 1, after);
        yield found ? Outcome.DONE : Outcome.ABSENT;
      }
    };
  }

  private IpSet known(String member) throws SetException {
    IpSet set = sets.find(member);
    if (set == null) {
      throw sets.unknown(member);
    }
    return set;
  }

  private int indexOf(IpSet set) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).set == set) {
        return i;
      }
    }
    return -1;
  }

  private boolean isNeighbour(int index, IpSet set) {
    return set == null || index >= 0 && index < members.size() && members.get(index).set == set;
  }

  private SetException noNeighbour(IpSet set) {
    return new SetException("set " + set.name + " does not stand there in list " + name, "");
  }

  private Outcome add(int at, IpSet set, IpSet before, IpSet after, Extras extras, boolean exist)
      throws SetException {
    int next = before == null ? -1 : indexOf(before);
    int previous = after == null ? -1 : indexOf(after);
    if (before != null && (next < 0 || before == set)) {
      throw noNeighbour(before);
    }
    if (after != null && (previous < 0 || after == set)) {
      throw noNeighbour(after);
    }
    if (at >= 0) {
      if (!exist) {
        return Outcome.EXIST;
      }
      members.get(at).comment = null;
      members.get(at).init(header, extras, now());
      return Outcome.DONE;
    }
    Member member = new Member();
    member.set = set;
    member.init(header, extras, now());
    int place = before != null ? next : after != null ? previous + 1 : members.size();
    members.add(place, member);
    set.references++;
    return Outcome.DONE;
  }

  private Outcome delete(int at, IpSet before, IpSet after) throws SetException {
    if (at >= 0 && !isNeighbour(at + 1, before) || at < 0 && before != null) {
      throw noNeighbour(before);
    }
    if (at >= 0 && !isNeighbour(at - 1, after) || at < 0 && after != null) {
      throw noNeighbour(after);
    }
    if (at < 0) {
      return Outcome.EXIST;
    }
    remove(at);
    return Outcome.DONE;
  }

  @Override
  Outcome packet(Task task, SetQuery query) {
    return switch (task) {
      case TEST -> test(query) ? Outcome.DONE : Outcome.ABSENT;
      case ADD -> {
        for (int i = 0; i < members.size(); i++) {
          if (!isExpired(members.get(i)) && members.get(i).set.add(query)) {
            break;
          }
        }
        yield Outcome.DONE;
      }
      case DELETE -> {
        for (int i = 0; i < members.size(); i++) {
          if (!isExpired(members.get(i)) && members.get(i).set.delete(query)) {
            break;
          }
        }
        yield Outcome.DONE;
      }
    };
  }

  /** Conditions on counters are about the list's own; those of the members only count. */
  private boolean test(SetQuery query) {
    int flags = query.flags;
    query.flags &= ~SetQuery.MATCH_COUNTERS;
    if ((flags & SetQuery.SKIP_SUBCOUNTERS) != 0) {
      query.flags |= SetQuery.SKIP_COUNTERS;
    }
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      if (!isExpired(member)
          && member.set.matches(query)
          && member.matches(header, now(), query, flags)) {
        return true;
      }
    }
    return false;
  }

  @Override
  void flush() {
    while (!members.isEmpty()) {
      remove(members.size() - 1);
    }
  }

  @Override
  void elements(Consumer<String> each) {
    expire();
    for (Member member : members) {
      StringBuilder out = new StringBuilder(member.set.name);
      member.save(header, now(), true, "", out);
      each.accept(out.toString());
    }
  }

  @Override
  String headerText() {
    return header.text(0, 0);
  }
}
