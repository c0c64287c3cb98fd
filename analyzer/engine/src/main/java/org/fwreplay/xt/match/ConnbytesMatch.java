package org.fwreplay.xt.match;

import java.util.List;
import java.util.Locale;
import java.util.function.IntToLongFunction;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m connbytes}: tests how much a connection has transferred, this packet included.
 * xt_connbytes, libxt_connbytes.
 *
 * @param from first value that matches, unsigned; with {@code to} below it, what lies between
 *     {@code to} and {@code from} does not match
 * @param to last value that matches, unsigned
 */
public record ConnbytesMatch(long from, long to, Mode mode, Direction direction)
    implements StatelessMatch {

  /** What is counted. */
  public enum Mode {
    PACKETS,
    BYTES,
    /** Average bytes of a packet. */
    AVGPKT
  }

  /** The packets that count. */
  public enum Direction {
    ORIGINAL,
    REPLY,
    BOTH
  }

  private static final long MAX = -1L;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "connbytes";
    }

    @Override
    public String summary() {
      return "tests how much a connection has transferred";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("connbytes", "from[:to]").withInversion().required(),
          Option.of("connbytes-dir", "original|reply|both").required(),
          Option.of("connbytes-mode", "packets|bytes|avgpkt").required());
    }

    @Override
    public ConnbytesMatch parse(Arguments arguments) {
      Argument count = arguments.get("connbytes");
      Argument.Range range = count.ascending(0, MAX);
      long high = count.text().indexOf(':') < 0 ? MAX : range.high();
      return new ConnbytesMatch(
          count.inverted() ? high : range.low(),
          count.inverted() ? range.low() : high,
          choice(arguments.get("connbytes-mode"), Mode.values()),
          choice(arguments.get("connbytes-dir"), Direction.values()));
    }

    private static <E extends Enum<E>> E choice(Argument argument, E[] values) {
      StringBuilder all = new StringBuilder();
      for (E value : values) {
        if (text(value).equals(argument.text())) {
          return value;
        }
        all.append(all.length() == 0 ? "" : ", ").append(text(value));
      }
      throw argument.fail(
          "--" + argument.option() + ": \"" + argument.text() + "\" is none of " + all);
    }
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void save(RuleWriter out) {
    boolean inverted = Long.compareUnsigned(from, to) > 0;
    long low = inverted ? to : from;
    long high = inverted ? from : to;
    String text = Long.toUnsignedString(low);
    if (high != 0 && high != MAX) {
      text += ":" + Long.toUnsignedString(high);
    }
    out.option("connbytes", inverted, text);
    out.option("connbytes-mode", text(mode)).option("connbytes-dir", text(direction));
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public boolean needsAccounting() {
    return true;
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    Connection connection = Connection.of(packet);
    if (connection == null) {
      return false;
    }
    long value =
        switch (mode) {
          case PACKETS -> sum(connection::packets);
          case BYTES -> sum(connection::bytes);
          case AVGPKT -> {
            long packets = sum(connection::packets);
            yield packets == 0 ? 0 : Long.divideUnsigned(sum(connection::bytes), packets);
          }
        };
    int belowTo = Long.compareUnsigned(value, to);
    int aboveFrom = Long.compareUnsigned(value, from);
    return Long.compareUnsigned(to, from) >= 0
        ? belowTo <= 0 && aboveFrom >= 0
        : belowTo < 0 || aboveFrom > 0;
  }

  private long sum(IntToLongFunction counter) {
    return switch (direction) {
      case ORIGINAL -> counter.applyAsLong(Connection.ORIGINAL);
      case REPLY -> counter.applyAsLong(Connection.REPLY);
      case BOTH -> counter.applyAsLong(Connection.ORIGINAL) + counter.applyAsLong(Connection.REPLY);
    };
  }
}
