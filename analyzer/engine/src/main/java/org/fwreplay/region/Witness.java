package org.fwreplay.region;

import org.fwreplay.packet.Family;

/**
 * One packet that stands for a box: the smallest value in each dimension, and 0 where any does.
 *
 * @param in name of an interface, empty for none; likewise {@code out}
 * @param state a point of {@link CtStates} in words
 * @param icmp {@code type << 8 | code}
 * @param needs what else must be true of it, which is not modelled; empty for nothing
 */
public record Witness(
    long sourceHi,
    long sourceLo,
    long destinationHi,
    long destinationLo,
    int sourcePort,
    int destinationPort,
    int protocol,
    String in,
    String out,
    String state,
    long mark,
    int icmp,
    int tcpFlags,
    boolean laterFragment,
    String needs) {

  private static final int ANY_PROTOCOL = 6;

  static Witness of(Space space, Box box) {
    int source = first(box, Dimension.SOURCE);
    int destination = first(box, Dimension.DESTINATION);
    IntSet protocols = box.get(Dimension.PROTOCOL);
    int protocol =
        protocols == null || protocols.contains(ANY_PROTOCOL) ? ANY_PROTOCOL : protocols.min();
    return new Witness(
        space.axis(Dimension.SOURCE).firstHi(source),
        address(space, Dimension.SOURCE, source),
        space.axis(Dimension.DESTINATION).firstHi(destination),
        address(space, Dimension.DESTINATION, destination),
        first(box, Dimension.SOURCE_PORT),
        first(box, Dimension.DESTINATION_PORT),
        protocol,
        space.names(Dimension.IN).example(first(box, Dimension.IN)),
        space.names(Dimension.OUT).example(first(box, Dimension.OUT)),
        CtStates.words(state(box)),
        space.axis(Dimension.MARK).firstLo(first(box, Dimension.MARK)),
        first(box, Dimension.ICMP),
        first(box, Dimension.TCP_FLAGS),
        box.get(Dimension.FRAGMENT) != null
            && !box.get(Dimension.FRAGMENT).contains(Dimension.WHOLE),
        BoxWords.questions(space, box));
  }

  private static long address(Space space, Dimension dimension, int point) {
    long lo = space.axis(dimension).firstLo(point);
    boolean zero = space.family() == Family.IPV4 && lo == 0;
    return zero && space.axis(dimension).lastLo(point) != 0 ? 1 : lo;
  }

  private static int first(Box box, Dimension dimension) {
    IntSet set = box.get(dimension);
    return set == null ? 0 : set.min();
  }

  /** New connections where they are among the states. */
  private static int state(Box box) {
    IntSet set = box.get(Dimension.STATE);
    IntSet opening = set == null ? CtStates.OPENING : set.and(CtStates.OPENING);
    return opening.isEmpty() ? set.min() : opening.min();
  }
}
