package org.fwreplay.xt.match;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m srh}: tests the segment routing header (RFC 8754 section 2). ip6t_srh, libip6t_srh.
 *
 * @param tests that must all hold, in the order in which they are saved
 * @param values what the fields are compared with: as in the kernel one value a field, that of the
 *     option given last, for all its tests
 */
public record SrhMatch(List<Test> tests, Map<Field, Integer> values, List<Sid> sids)
    implements PacketMatch {

  private static final int TYPE = 2;
  private static final int SEGMENTS_LEFT = 3;
  private static final int LAST_ENTRY = 4;
  private static final int SEGMENTS = 8;
  private static final int SEGMENT_LENGTH = 16;
  private static final int SRH = 4;

  /** A field of the header. */
  public enum Field {
    NEXT_HEADER("srh-next-hdr", 0),
    LENGTH("srh-hdr-len", 1),
    SEGMENTS("srh-segs-left", SEGMENTS_LEFT),
    LAST("srh-last-entry", LAST_ENTRY),
    TAG("srh-tag", 6);

    private final String option;
    private final int at;

    Field(String option, int at) {
      this.option = option;
      this.at = at;
    }

    /** The kernel compares the tag in the processor's byte order, here a little-endian one's. */
    private int read(Packet packet, int header) {
      int value = this == TAG ? packet.u16(header + at) : packet.u8(header + at);
      return this == TAG ? Short.toUnsignedInt(Short.reverseBytes((short) value)) : value;
    }
  }

  /** How a field is compared. */
  public enum Comparison {
    EQUAL("-eq"),
    GREATER("-gt"),
    LESS("-lt");

    private final String suffix;

    Comparison(String suffix) {
      this.suffix = suffix;
    }

    private boolean holds(int found, int value) {
      return switch (this) {
        case EQUAL -> found == value;
        case GREATER -> found > value;
        case LESS -> found < value;
      };
    }
  }

  /** A test of a field. */
  public record Test(Field field, Comparison comparison, boolean inverted) {
    private String option() {
      boolean only = field == Field.NEXT_HEADER || field == Field.TAG;
      return field.option + (only ? "" : comparison.suffix);
    }
  }

  /** Which segment of the list is looked at. */
  public enum Segment {
    PREVIOUS("srh-psid"),
    NEXT("srh-nsid"),
    LAST("srh-lsid");

    private final String option;

    Segment(String option) {
      this.option = option;
    }
  }

  /** A test of a segment's address. */
  public record Sid(
      Segment segment, AddressText.Address address, AddressText.Address mask, boolean inverted) {}

  /** All tests of fields, in the order in which they are saved. */
  private static final List<Test> ALL = all();

  private static List<Test> all() {
    List<Test> all = new ArrayList<>();
    for (Field field : Field.values()) {
      for (Comparison comparison : Comparison.values()) {
        boolean only = field == Field.NEXT_HEADER || field == Field.TAG;
        if (!only || comparison == Comparison.EQUAL) {
          all.add(new Test(field, comparison, false));
        }
      }
    }
    return all;
  }

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "srh";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV6);
    }

    @Override
    public String summary() {
      return "tests the segment routing header";
    }

    @Override
    public List<Option> options() {
      List<Option> options = new ArrayList<>();
      ALL.forEach(test -> options.add(Option.of(test.option(), "value").withInversion()));
      for (Segment segment : Segment.values()) {
        options.add(Option.of(segment.option, "address[/mask]").withInversion());
      }
      return options;
    }

    @Override
    public SrhMatch parse(Arguments arguments) {
      List<Test> tests = new ArrayList<>();
      for (Test test : ALL) {
        Argument argument = arguments.find(test.option());
        if (argument != null) {
          tests.add(new Test(test.field, test.comparison, argument.inverted()));
        }
      }
      Map<Field, Integer> values = new EnumMap<>(Field.class);
      for (Argument argument : arguments.all()) {
        for (Test test : ALL) {
          if (test.option().equals(argument.option())) {
            int most = test.field == Field.TAG ? 0xffff : 0xff;
            values.put(test.field, (int) argument.unsigned(0, most));
          }
        }
      }
      List<Sid> sids = new ArrayList<>();
      for (Segment segment : Segment.values()) {
        Argument argument = arguments.find(segment.option);
        if (argument != null) {
          sids.add(sid(segment, argument));
        }
      }
      return new SrhMatch(List.copyOf(tests), Map.copyOf(values), List.copyOf(sids));
    }

    private static Sid sid(Segment segment, Argument argument) {
      String text = argument.text();
      int cut = text.indexOf('/');
      AddressText.Address mask =
          cut < 0
              ? AddressText.Address.hostMask(Family.IPV6)
              : argument.mask(Family.IPV6, text.substring(cut + 1));
      String address = cut < 0 ? text : text.substring(0, cut);
      return new Sid(segment, argument.host(Family.IPV6, address), mask, argument.inverted());
    }
  }

  @Override
  public void save(RuleWriter out) {
    for (Test test : tests) {
      out.option(test.option(), test.inverted, values.get(test.field));
    }
    for (Sid sid : sids) {
      int length = AddressText.prefixLength(Family.IPV6, sid.mask.hi(), sid.mask.lo());
      String address = AddressText.format(Family.IPV6, sid.address.hi(), sid.address.lo());
      out.option(
          sid.segment.option, sid.inverted, address + "/" + Integer.toUnsignedString(length));
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    Test[] all = tests.toArray(Test[]::new);
    int[] wanted = tests.stream().mapToInt(test -> values.get(test.field)).toArray();
    Sid[] segments = sids.toArray(Sid[]::new);
    return (packet, evaluation) -> {
      int at = Ipv6Headers.find(packet, Protocols.ROUTING);
      if (!isSound(packet, at)) {
        return false;
      }
      for (int i = 0; i < all.length; i++) {
        Test test = all[i];
        if (test.comparison.holds(test.field.read(packet, at), wanted[i]) == test.inverted) {
          return false;
        }
      }
      for (Sid sid : segments) {
        if (!holds(packet, at, sid)) {
          return false;
        }
      }
      return true;
    };
  }

  private static boolean isSound(Packet packet, int at) {
    return at >= 0
        && packet.has(at, SEGMENTS)
        && packet.has(at, Ipv6Headers.length(packet, Protocols.ROUTING, at))
        && packet.u8(at + TYPE) == SRH
        && packet.u8(at + SEGMENTS_LEFT) <= packet.u8(at + LAST_ENTRY);
  }

  private static boolean holds(Packet packet, int header, Sid sid) {
    int left = packet.u8(header + SEGMENTS_LEFT);
    int index =
        switch (sid.segment) {
          case PREVIOUS -> left == packet.u8(header + LAST_ENTRY) ? -1 : left + 1;
          case NEXT -> left - 1;
          case LAST -> 0;
        };
    int at = header + SEGMENTS + index * SEGMENT_LENGTH;
    if (index < 0 || !packet.has(at, SEGMENT_LENGTH)) {
      return false;
    }
    long hi = (Bytes.i64(packet.buffer, at) ^ sid.address.hi()) & sid.mask.hi();
    long lo = (Bytes.i64(packet.buffer, at + 8) ^ sid.address.lo()) & sid.mask.lo();
    return (hi | lo) == 0 != sid.inverted;
  }
}
