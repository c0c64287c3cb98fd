package org.fwreplay.xt.match;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m rt}: tests IPv6's routing header (RFC 8200 section 4.4). ip6t_rt, libip6t_rt.
 *
 * @param type null for any
 * @param length of the header in bytes; null for any
 * @param reserved whether the reserved word of type 0 must be zero
 * @param addresses of type 0; empty where they were not given
 * @param notStrict whether other addresses may stand between these
 */
public record RtMatch(
    Long type,
    boolean typeInverted,
    NumberRange segmentsLeft,
    Long length,
    boolean lengthInverted,
    boolean reserved,
    List<AddressText.Address> addresses,
    boolean notStrict)
    implements PacketMatch {

  private static final int MAX_ADDRESSES = 16;
  private static final int TYPE = 2;
  private static final int SEGMENTS_LEFT = 3;
  private static final int RESERVED = 4;
  private static final int ADDRESSES = 8;
  private static final int ADDRESS_LENGTH = 16;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "rt";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV6);
    }

    @Override
    public String summary() {
      return "tests the routing header";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("rt-type", "type").withInversion(),
          Option.of("rt-segsleft", "num[:num]").withInversion(),
          Option.of("rt-len", "length").withInversion(),
          Option.flag("rt-0-res"),
          Option.of("rt-0-addrs", "address[,address...]"),
          Option.flag("rt-0-not-strict"));
    }

    @Override
    public RtMatch parse(Arguments arguments) {
      checkOrder(arguments);
      Argument addresses = arguments.find("rt-0-addrs");
      return new RtMatch(
          number(arguments.find("rt-type")),
          arguments.inverted("rt-type"),
          NumberRange.parse(arguments.find("rt-segsleft")),
          number(arguments.find("rt-len")),
          arguments.inverted("rt-len"),
          arguments.has("rt-0-res"),
          addresses == null ? List.of() : List.copyOf(addresses(addresses)),
          arguments.has("rt-0-not-strict"));
    }

    private static Long number(Argument argument) {
      return argument == null ? null : argument.unsigned(0, 0xffffffffL);
    }

    /** What is said of type 0 stands behind {@code --rt-type 0}. */
    private static void checkOrder(Arguments arguments) {
      boolean typeZero = false;
      boolean addresses = false;
      for (Argument argument : arguments.all()) {
        String option = argument.option();
        if (option.equals("rt-type")) {
          typeZero = !argument.inverted() && argument.unsigned(0, 0xffffffffL) == 0;
        } else if (option.equals("rt-0-not-strict") && !addresses) {
          throw argument.fail("--rt-0-not-strict needs --rt-0-addrs before it");
        } else if (option.startsWith("rt-0-") && !typeZero) {
          throw argument.fail("--" + option + " needs --rt-type 0 before it");
        }
        addresses |= option.equals("rt-0-addrs");
      }
    }

    private static List<AddressText.Address> addresses(Argument argument) {
      List<AddressText.Address> list = new ArrayList<>();
      for (String word : argument.text().split(",", -1)) {
        if (list.size() == MAX_ADDRESSES) {
          throw argument.fail("--rt-0-addrs: more than " + MAX_ADDRESSES + " addresses");
        }
        list.add(argument.address(Family.IPV6, word));
      }
      return list;
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (type != null) {
      out.option("rt-type", typeInverted, type);
    }
    segmentsLeft.save(out, "rt-segsleft");
    if (length != null) {
      out.option("rt-len", lengthInverted, length);
    }
    if (reserved) {
      out.flag("rt-0-res");
    }
    if (!addresses.isEmpty()) {
      StringJoiner list = new StringJoiner(",");
      addresses.forEach(a -> list.add(AddressText.format(Family.IPV6, a.hi(), a.lo())));
      out.option("rt-0-addrs", list);
    }
    if (notStrict) {
      out.flag("rt-0-not-strict");
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    long[] hi = addresses.stream().mapToLong(AddressText.Address::hi).toArray();
    long[] lo = addresses.stream().mapToLong(AddressText.Address::lo).toArray();
    return (packet, evaluation) -> matches(packet, evaluation, hi, lo);
  }

  private boolean matches(Packet packet, Evaluation evaluation, long[] hi, long[] lo) {
    int at = Ipv6Headers.findWhole(packet, Protocols.ROUTING, RESERVED, evaluation);
    if (at < 0) {
      return false;
    }
    int size = Ipv6Headers.length(packet, Protocols.ROUTING, at);
    boolean fits =
        segmentsLeft.matches(packet.u8(at + SEGMENTS_LEFT))
            && (length == null || length == size != lengthInverted)
            && (type == null || type == packet.u8(at + TYPE) != typeInverted);
    if (!fits || reserved && packet.u32(at + RESERVED) != 0) {
      return false;
    }
    int count = (size - ADDRESSES) / ADDRESS_LENGTH;
    if (hi.length == 0) {
      return true;
    }
    if (hi.length > count || !notStrict && hi.length != count) {
      return false;
    }
    return hasAll(packet, at + ADDRESSES, count, hi, lo);
  }

  private boolean hasAll(Packet packet, int start, int count, long[] hi, long[] lo) {
    int next = 0;
    for (int i = 0; i < count && next < hi.length; i++) {
      int at = start + i * ADDRESS_LENGTH;
      boolean same =
          Bytes.i64(packet.buffer, at) == hi[next] && Bytes.i64(packet.buffer, at + 8) == lo[next];
      if (!same && !notStrict) {
        return false;
      }
      next += same ? 1 : 0;
    }
    return next == hi.length;
  }
}
