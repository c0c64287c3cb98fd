package org.fwreplay.xt.match;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Names;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.RuleWriter;

/** One option of {@code -m conntrack}. */
public sealed interface ConntrackTest {
  /** Options that name an end of a connection; with {@code port} behind them they name its port. */
  List<String> ENDS = List.of("ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst");

  /** Writes the option. */
  void save(RuleWriter out);

  /** Whether it is true of a packet and its connection, inversion included. */
  boolean holds(Connection connection, Packet packet, Evaluation evaluation);

  /**
   * {@code --ctstate}.
   *
   * @param states bits of {@link CtState}
   */
  record State(int states, boolean inverted) implements ConntrackTest {
    @Override
    public void save(RuleWriter out) {
      out.option("ctstate", inverted, CtState.text(states));
    }

    @Override
    public boolean holds(Connection connection, Packet packet, Evaluation evaluation) {
      return (CtState.of(packet) & states) != 0 != inverted;
    }
  }

  /** {@code --ctproto}. */
  record Protocol(int number, boolean inverted) implements ConntrackTest {
    static Protocol parse(Argument argument) {
      String text = argument.text();
      int named = Names.protocol(text);
      int number = named >= 0 ? named : (int) argument.unsigned(0, 255);
      if (number == 0) {
        throw argument.fail(
            "--ctproto: no connection has protocol 0: the rule would "
                + (argument.inverted() ? "always" : "never")
                + " match");
      }
      return new Protocol(number, argument.inverted());
    }

    @Override
    public void save(RuleWriter out) {
      out.option("ctproto", inverted, number);
    }

    @Override
    public boolean holds(Connection connection, Packet packet, Evaluation evaluation) {
      return (connection.original.protocol == number) != inverted;
    }
  }

  /** {@code --ctorigsrc} and the other three. */
  record Address(
      String option,
      boolean original,
      boolean source,
      AddressText.Address address,
      AddressText.Address mask,
      boolean inverted)
      implements ConntrackTest {

    static Address parse(Argument argument, Family family) {
      String text = argument.text();
      int cut = text.indexOf('/');
      AddressText.Address mask =
          cut < 0
              ? AddressText.Address.hostMask(family)
              : argument.mask(family, text.substring(cut + 1));
      String option = argument.option();
      return new Address(
          option,
          option.startsWith("ctorig"),
          option.endsWith("src"),
          argument.host(family, cut < 0 ? text : text.substring(0, cut)),
          mask,
          argument.inverted());
    }

    @Override
    public void save(RuleWriter out) {
      Family family = out.family();
      String text = AddressText.format(family, address.hi(), address.lo());
      out.option(option, inverted, text + AddressText.formatMask(family, mask.hi(), mask.lo()));
    }

    @Override
    public boolean holds(Connection connection, Packet packet, Evaluation evaluation) {
      Tuple tuple = original ? connection.original : connection.reply;
      long hi = source ? tuple.sourceHi : tuple.destinationHi;
      long lo = source ? tuple.sourceLo : tuple.destinationLo;
      boolean same = ((hi ^ address.hi()) & mask.hi() | (lo ^ address.lo()) & mask.lo()) == 0;
      return same != inverted;
    }
  }

  /** {@code --ctorigsrcport} and the other three; ICMP's id, type and code count as ports. */
  record Port(String option, boolean original, boolean source, PortRange ports)
      implements ConntrackTest {

    Port(String option, PortRange ports) {
      this(option, option.startsWith("ctorig"), option.endsWith("srcport"), ports);
    }

    @Override
    public void save(RuleWriter out) {
      int low = ports.low();
      int high = ports.high();
      boolean one = low == high || high == 0;
      out.option(option, ports.inverted(), one ? String.valueOf(low) : low + ":" + high);
    }

    @Override
    public boolean holds(Connection connection, Packet packet, Evaluation evaluation) {
      Tuple tuple = original ? connection.original : connection.reply;
      return ports.matches(source ? tuple.sourcePort : tuple.destinationPort);
    }
  }

  /** {@code --ctstatus}. */
  record Status(int bits, boolean inverted) implements ConntrackTest {
    private static final List<String> NAMES =
        List.of("EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED");

    static Status parse(Argument argument) {
      int bits = 0;
      for (String word : argument.text().split(",", -1)) {
        bits |= bit(argument, word);
      }
      return new Status(bits, argument.inverted());
    }

    private static int bit(Argument argument, String word) {
      int length = word.length();
      if (length > 0 && "NONE".regionMatches(true, 0, word, 0, length)) {
        return 0;
      }
      for (int i = 0; i < NAMES.size(); i++) {
        if (length > 0 && NAMES.get(i).regionMatches(true, 0, word, 0, length)) {
          return 1 << i;
        }
      }
      throw argument.fail(
          "--ctstatus: unknown status \"" + word + "\" (NONE, " + String.join(", ", NAMES) + ")");
    }

    @Override
    public void save(RuleWriter out) {
      StringJoiner list = new StringJoiner(",").setEmptyValue("NONE");
      for (int i = 0; i < NAMES.size(); i++) {
        if ((bits & 1 << i) != 0) {
          list.add(NAMES.get(i));
        }
      }
      out.option("ctstatus", inverted, list);
    }

    @Override
    public boolean holds(Connection connection, Packet packet, Evaluation evaluation) {
      return (connection.status & bits) != 0 != inverted;
    }
  }

  /** {@code --ctexpire}: seconds that the entry has left. */
  record Expire(long low, long high, boolean inverted) implements ConntrackTest {
    @Override
    public void save(RuleWriter out) {
      out.option("ctexpire", inverted, low == high ? String.valueOf(low) : low + ":" + high);
    }

    @Override
    public boolean holds(Connection connection, Packet packet, Evaluation evaluation) {
      long left = 0;
      if (connection.is(Connection.CONFIRMED)) {
        long now = evaluation.services.conntrack().nowNs();
        left = Math.max(0, Jiffies.of(connection.expiresNs) - Jiffies.of(now)) / Jiffies.HZ;
      }
      return (left >= low && left <= high) != inverted;
    }
  }

  /** {@code --ctdir}. */
  record Direction(int direction) implements ConntrackTest {
    static Direction parse(Argument argument) {
      return switch (argument.text().toUpperCase(Locale.ROOT)) {
        case "ORIGINAL" -> new Direction(Connection.ORIGINAL);
        case "REPLY" -> new Direction(Connection.REPLY);
        default ->
            throw argument.fail(
                "--ctdir: \"" + argument.text() + "\" is neither ORIGINAL nor REPLY");
      };
    }

    @Override
    public void save(RuleWriter out) {
      out.option("ctdir", direction == Connection.ORIGINAL ? "ORIGINAL" : "REPLY");
    }

    @Override
    public boolean holds(Connection connection, Packet packet, Evaluation evaluation) {
      return CtInfo.direction(packet.trackInfo) == direction;
    }
  }
}
