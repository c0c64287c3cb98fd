package org.fwreplay.ipset;

import java.util.function.Consumer;

/** One set of a run. Not for several threads. */
public abstract class IpSet {
  /** What an operation on an element came to: the kernel's codes by meaning. */
  enum Outcome {
    /** Added, deleted or found. */
    DONE,
    /** Not there (test). */
    ABSENT,
    /** Matches an element that says {@code nomatch}. */
    EXCEPTED,
    /** Is there already (add), or is not (del). */
    EXIST,
    /** No room left. */
    FULL,
    /** The table has to grow first. */
    GROW,
    /** A MAC address is missing and is learnt from the packet. */
    LEARN,
    /** The packet has no such fields, or they are out of the set's range. */
    INVALID
  }

  /** What is to be done with an element. */
  enum Task {
    ADD,
    DELETE,
    TEST
  }

  final SetHeader header;
  final IpSets sets;
  String name;

  /** How many lists it is a member of. */
  int references;

  IpSet(SetHeader header, IpSets sets, String name) {
    this.header = header;
    this.sets = sets;
    this.name = name;
  }

  /** Its name. */
  public final String name() {
    return name;
  }

  /** Its type, such as {@code hash:ip,port}. */
  public final String type() {
    return header.type.text;
  }

  /** How many directions ({@code src,dst}) a rule has to give it, at least. */
  public final int dimension() {
    return header.type.dimension();
  }

  /** The only family that it holds, or null. */
  public final org.fwreplay.packet.Family family() {
    return header.family;
  }

  /** Does a command's task; what cannot be done otherwise is thrown. */
  abstract Outcome command(Task task, Element element, Extras extras, boolean exist)
      throws SetException;

  /** Does a rule's task with a packet that {@link SetQuery#fits}. */
  abstract Outcome packet(Task task, SetQuery query);

  abstract void flush();

  /** Tells every element with its extras, as they stand behind the set's name in a saved set. */
  abstract void elements(Consumer<String> each);

  /** As it stands behind the type. */
  abstract String headerText();

  abstract IpSet copy(IpSets into);

  final long now() {
    return sets.now();
  }

  /** Whether the packet matches the set: {@code ip_set_test}. */
  public final boolean matches(SetQuery query) {
    if (!query.fits(header)) {
      return false;
    }
    Outcome outcome = packet(Task.TEST, query);
    if (outcome == Outcome.LEARN) {
      packet(Task.ADD, query);
      return true;
    }
    boolean inverted = (query.flags & SetQuery.RETURN_NOMATCH) != 0 && header.type.knowsNomatch();
    return outcome == (inverted ? Outcome.EXCEPTED : Outcome.DONE);
  }

  /** Adds what the packet says: {@code ip_set_add}. */
  public final boolean add(SetQuery query) {
    return query.fits(header) && packet(Task.ADD, query) == Outcome.DONE;
  }

  /** Deletes what the packet says: {@code ip_set_del}. */
  public final boolean delete(SetQuery query) {
    return query.fits(header) && packet(Task.DELETE, query) == Outcome.DONE;
  }
}
