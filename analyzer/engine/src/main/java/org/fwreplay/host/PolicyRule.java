package org.fwreplay.host;

/**
 * A policy rule as {@code ip -j rule show} tells it.
 *
 * @param priority its place in the order, the lowest first
 * @param inverted {@code not}: it applies where the rest does not match
 * @param source where from; the whole space when any
 * @param destination where to
 * @param iif interface id, {@link #ANY}, or {@link #DETACHED} for one that the host has not
 * @param oif likewise
 * @param mark value of the packet mark
 * @param markMask bits of it that are looked at
 * @param tos type of service, 0 any
 * @param protocol IP protocol, 0 any
 * @param sourcePorts range, null any
 * @param destinationPorts range, null any
 * @param uids range of socket owners, null any
 * @param action what to do
 * @param table table to look into for {@link Action#TABLE}
 * @param target priority of the rule to go to for {@link Action#GOTO}
 * @param suppressPrefixLength results with a prefix this long or shorter do not count; -1 for none
 * @param realms IPv4 realms of what it leads to, as in {@link NextHop}; 0 none
 */
public record PolicyRule(
    long priority,
    boolean inverted,
    Prefix source,
    Prefix destination,
    int iif,
    int oif,
    int mark,
    int markMask,
    int tos,
    int protocol,
    Range sourcePorts,
    Range destinationPorts,
    Range uids,
    Action action,
    int table,
    long target,
    int suppressPrefixLength,
    int realms) {

  public static final int ANY = -1;

  /** An interface that does not exist: never matches. */
  public static final int DETACHED = -2;

  /** What a rule does. */
  public enum Action {
    TABLE,
    GOTO,
    NOP,
    BLACKHOLE,
    UNREACHABLE,
    PROHIBIT
  }

  /** Numbers from {@code low} to {@code high}, both included. */
  public record Range(long low, long high) {
    boolean contains(long value) {
      return value >= low && value <= high;
    }
  }

  /** A rule that sends everything to a table. */
  public static PolicyRule toTable(boolean six, long priority, int table) {
    Prefix any = Prefix.any(six);
    return new PolicyRule(
        priority,
        false,
        any,
        any,
        ANY,
        ANY,
        0,
        0,
        0,
        0,
        null,
        null,
        null,
        Action.TABLE,
        table,
        -1,
        -1,
        0);
  }

  /** Whether it only sends everything to one of the three standard tables. */
  boolean isDefault() {
    return table >= Route.TABLE_DEFAULT
        && table <= Route.TABLE_LOCAL
        && action == Action.TABLE
        && target == -1
        && suppressPrefixLength == -1
        && realms == 0
        && takesAll();
  }

  private boolean takesAll() {
    return !inverted
        && source.length() == 0
        && destination.length() == 0
        && iif == ANY
        && oif == ANY
        && mark == 0
        && markMask == 0
        && tos == 0
        && protocol == 0
        && sourcePorts == null
        && destinationPorts == null
        && uids == null;
  }

  boolean looksAtPorts() {
    return sourcePorts != null || destinationPorts != null;
  }

  boolean matches(RouteQuery query) {
    return selects(query) != inverted;
  }

  private boolean selects(RouteQuery query) {
    if ((iif != ANY && iif != query.iif)
        || (oif != ANY && oif != query.oif)
        || ((mark ^ query.mark) & markMask) != 0
        || (protocol != 0 && protocol != query.protocol)) {
      return false;
    }
    if ((uids != null && !uids.contains(query.uid)) || !tosMatches(query)) {
      return false;
    }
    if ((source.length() != 0 && !source.contains(query.srcHi, query.srcLo))
        || (destination.length() != 0 && !destination.contains(query.dstHi, query.dstLo))) {
      return false;
    }
    return (sourcePorts == null || sourcePorts.contains(query.sourcePort))
        && (destinationPorts == null || destinationPorts.contains(query.destinationPort));
  }

  /** IPv4 compares the old four TOS bits without the lowest, IPv6 the whole DSCP. */
  private boolean tosMatches(RouteQuery query) {
    return tos == 0 || tos == (query.tos & (query.six ? 0xfc : 0x1c));
  }

  /** The same, for packets only that came in by an interface. */
  public PolicyRule withInput(int interfaceId) {
    return with(interfaceId, mark, markMask);
  }

  /** The same, for packets with a mark only. */
  public PolicyRule withMark(int value) {
    return with(iif, value, -1);
  }

  private PolicyRule with(int otherIif, int otherMark, int otherMask) {
    return new PolicyRule(
        priority,
        inverted,
        source,
        destination,
        otherIif,
        oif,
        otherMark,
        otherMask,
        tos,
        protocol,
        sourcePorts,
        destinationPorts,
        uids,
        action,
        table,
        target,
        suppressPrefixLength,
        realms);
  }
}
