package org.fwreplay.rule;

import org.fwreplay.host.Ipv4Ranges;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Evaluation;

/**
 * One thing that a {@link ChainIndex} looks at in a packet: an address, a port, the protocol, an
 * interface. Its values fall into classes; each class has a row of bits ({@link PackedRow}), one
 * for each group of rules that packets of the class can match.
 */
abstract sealed class Dimension {
  final long[][] rows;

  Dimension(long[][] rows) {
    this.rows = rows;
  }

  /** The class of a packet's value. */
  abstract int classOf(Packet p, Evaluation e);

  /** Values that fit a table: one entry a value. */
  static final class Small extends Dimension {
    /** What is looked at. */
    enum Field {
      PROTOCOL,
      SOURCE_PORT,
      DESTINATION_PORT,
      IN,
      OUT
    }

    private final Field field;
    private final char[] classes;

    /**
     * A dimension.
     *
     * @param classes class by value; interfaces are their id plus one
     */
    Small(Field field, char[] classes, long[][] rows) {
      super(rows);
      this.field = field;
      this.classes = classes;
    }

    @Override
    int classOf(Packet p, Evaluation e) {
      int value =
          switch (field) {
            case PROTOCOL -> p.protocol;
            case SOURCE_PORT -> port(p, 0);
            case DESTINATION_PORT -> port(p, 2);
            case IN -> e.in + 1;
            case OUT -> e.out + 1;
          };
      return classes[value];
    }

    /** A packet without ports matches no rule that names some: the rules name the protocol, too. */
    private static int port(Packet p, int offset) {
      return p.transport + offset + 2 <= p.end ? p.u16(p.transport + offset) : 0;
    }
  }

  /** IPv4 addresses, by ranges whose addresses are of one class. */
  static final class Address4 extends Dimension {
    private final int offset;
    private final Ipv4Ranges ranges;
    private final char[] classes;

    Address4(boolean source, Ipv4Ranges ranges, char[] classes, long[][] rows) {
      super(rows);
      this.offset = source ? Ipv4.SOURCE : Ipv4.DESTINATION;
      this.ranges = ranges;
      this.classes = classes;
    }

    @Override
    int classOf(Packet p, Evaluation e) {
      return classes[ranges.indexOf(Bytes.i32(p.buffer, p.network + offset))];
    }
  }

  /** IPv6 addresses, by the bounds of their classes. */
  static final class Address6 extends Dimension {
    private final int offset;
    private final long[] boundsHi;
    private final long[] boundsLo;
    private final char[] classes;

    Address6(boolean source, long[] boundsHi, long[] boundsLo, char[] classes, long[][] rows) {
      super(rows);
      this.offset = source ? Ipv6.SOURCE : Ipv6.DESTINATION;
      this.boundsHi = boundsHi;
      this.boundsLo = boundsLo;
      this.classes = classes;
    }

    @Override
    int classOf(Packet p, Evaluation e) {
      long hi = Bytes.i64(p.buffer, p.network + offset);
      long lo = Bytes.i64(p.buffer, p.network + offset + 8);
      int low = 0;
      int high = boundsHi.length - 1;
      while (low < high) {
        int middle = low + high + 1 >>> 1;
        int order = Long.compareUnsigned(boundsHi[middle], hi);
        if (order < 0 || order == 0 && Long.compareUnsigned(boundsLo[middle], lo) <= 0) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return classes[low];
    }
  }
}
