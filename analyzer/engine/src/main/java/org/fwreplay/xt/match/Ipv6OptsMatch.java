package org.fwreplay.xt.match;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m hbh} and {@code -m dst}: test IPv6's hop-by-hop and destination options (RFC 8200
 * section 4.2). ip6t_hbh, libip6t_hbh, libip6t_dst.
 *
 * @param header next-header value: {@link Protocols#HOPOPTS} or {@link Protocols#DSTOPTS}
 * @param length of the header in bytes; null for any
 * @param options that the header must begin with; null where they were not given
 */
public record Ipv6OptsMatch(
    int header, Long length, boolean lengthInverted, List<Ipv6Option> options)
    implements PacketMatch {

  private static final int MAX_OPTIONS = 16;
  private static final int PAD1 = 0;
  private static final int ANY_LENGTH = 255;

  /** An option by type, with the length of its data; 255 for any length. */
  record Ipv6Option(int type, int length) {}

  /** What both extensions share. */
  private abstract static class Base implements MatchExtension {
    private final String name;
    private final int header;

    Base(String name, int header) {
      this.name = name;
      this.header = header;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV6);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of(name + "-len", "length").withInversion(),
          Option.of(name + "-opts", "type[:length][,...]"));
    }

    @Override
    public Ipv6OptsMatch parse(Arguments arguments) {
      Argument length = arguments.find(name + "-len");
      Argument options = arguments.find(name + "-opts");
      return new Ipv6OptsMatch(
          header,
          length == null ? null : length.unsigned(0, 0xffffffffL),
          arguments.inverted(name + "-len"),
          options == null ? null : List.copyOf(list(options)));
    }

    private static List<Ipv6Option> list(Argument argument) {
      List<Ipv6Option> list = new ArrayList<>();
      for (String word : argument.text().split(",", -1)) {
        int cut = word.indexOf(':');
        boolean last = list.size() == MAX_OPTIONS - 1;
        if (list.size() == MAX_OPTIONS || last && cut >= 0) {
          throw argument.fail(
              "--"
                  + argument.option()
                  + ": more than "
                  + MAX_OPTIONS
                  + " options, or a length for the last of so many");
        }
        int type = octet(argument, cut < 0 ? word : word.substring(0, cut));
        if (type == PAD1 && cut >= 0) {
          throw argument.fail("--" + argument.option() + ": option 0 (Pad1) has no length");
        }
        list.add(
            new Ipv6Option(type, cut < 0 ? ANY_LENGTH : octet(argument, word.substring(cut + 1))));
      }
      return list;
    }

    /** ip6tables takes the low eight bits. */
    private static int octet(Argument argument, String text) {
      return (int) argument.number(text, 0, -1L) & 0xff;
    }
  }

  /** {@code -m hbh}. */
  public static final class HopByHop extends Base {
    /** For ServiceLoader. */
    public HopByHop() {
      super("hbh", Protocols.HOPOPTS);
    }

    @Override
    public String summary() {
      return "tests the hop-by-hop options header";
    }
  }

  /** {@code -m dst}. */
  public static final class Destination extends Base {
    /** For ServiceLoader. */
    public Destination() {
      super("dst", Protocols.DSTOPTS);
    }

    @Override
    public String summary() {
      return "tests the destination options header";
    }
  }

  @Override
  public void save(RuleWriter out) {
    String name = header == Protocols.HOPOPTS ? "hbh" : "dst";
    if (length != null) {
      out.option(name + "-len", lengthInverted, length);
    }
    if (options != null) {
      StringJoiner list = new StringJoiner(",");
      for (Ipv6Option o : options) {
        list.add(o.type + (o.length == ANY_LENGTH ? "" : ":" + o.length));
      }
      out.option(name + "-opts", list);
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    int count = options == null ? 0 : options.size();
    int[] types = new int[count];
    int[] lengths = new int[count];
    for (int i = 0; i < count; i++) {
      types[i] = options.get(i).type;
      lengths[i] = options.get(i).length;
    }
    return (packet, evaluation) -> {
      int at = Ipv6Headers.findWhole(packet, header, 2, evaluation);
      if (at < 0) {
        return false;
      }
      int found = Ipv6Headers.length(packet, header, at);
      boolean fits = length == null || length == found != lengthInverted;
      return fits && begins(packet, at + 2, found - 2, types, lengths);
    };
  }

  /** Whether a header's content begins with these options; the kernel's steps. */
  private static boolean begins(Packet packet, int start, int room, int[] types, int[] lengths) {
    int at = start;
    int left = room;
    for (int i = 0; i < types.length; i++) {
      if (left < 1 || !packet.has(at, 1)) {
        return false;
      }
      int type = packet.u8(at);
      if (type != types[i]) {
        return false;
      }
      int size = 1;
      if (type != PAD1) {
        if (left < 2 || !packet.has(at + 1, 1)) {
          return false;
        }
        int data = packet.u8(at + 1);
        if (lengths[i] != ANY_LENGTH && lengths[i] != data) {
          return false;
        }
        size = data + 2;
      }
      if ((at > packet.end - size || left < size) && i < types.length - 1) {
        return false;
      }
      at += size;
      left -= size;
    }
    return true;
  }
}
