package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m frag}: tests IPv6's fragment header (RFC 8200 section 4.5). ip6t_frag, libip6t_frag.
 *
 * @param lowId first identification
 * @param highId last identification
 * @param length null where it was not given; the kernel does not look at it
 * @param reserved whether the reserved bits must be zero
 * @param first whether it must be the first fragment
 * @param more whether more fragments must follow
 * @param last whether it must be the last fragment
 */
public record FragMatch(
    long lowId,
    long highId,
    boolean idInverted,
    Long length,
    boolean lengthInverted,
    boolean reserved,
    boolean first,
    boolean more,
    boolean last)
    implements StatelessMatch {

  private static final long MAX = 0xffffffffL;
  private static final int HEADER_LENGTH = 8;
  private static final int RESERVED_BITS = 6;
  private static final int MORE_FRAGMENTS = 1;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "frag";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV6);
    }

    @Override
    public String summary() {
      return "tests the fragment header";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("fragid", "id[:id]").withInversion(),
          Option.of("fraglen", "length").withInversion(),
          Option.flag("fragres"),
          Option.flag("fragfirst"),
          Option.flag("fragmore").excluding("more"),
          Option.flag("fraglast").excluding("more"));
    }

    @Override
    public FragMatch parse(Arguments arguments) {
      Argument id = arguments.find("fragid");
      Argument length = arguments.find("fraglen");
      Argument.Range ids = id == null ? new Argument.Range(0, MAX) : id.ascending(0, MAX);
      return new FragMatch(
          ids.low(),
          ids.high(),
          arguments.inverted("fragid"),
          length == null ? null : length.unsigned(0, MAX),
          arguments.inverted("fraglen"),
          arguments.has("fragres"),
          arguments.has("fragfirst"),
          arguments.has("fragmore"),
          arguments.has("fraglast"));
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (lowId != 0 || highId != MAX || idInverted) {
      out.option(
          "fragid", idInverted, lowId == highId ? String.valueOf(lowId) : lowId + ":" + highId);
    }
    if (length != null) {
      out.option("fraglen", lengthInverted, length);
    }
    if (reserved) {
      out.flag("fragres");
    }
    if (first) {
      out.flag("fragfirst");
    }
    if (more) {
      out.flag("fragmore");
    }
    if (last) {
      out.flag("fraglast");
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    int at = Ipv6Headers.find(packet, Protocols.FRAGMENT);
    if (at == Ipv6Headers.NOT_FOUND) {
      return false;
    }
    if (at == Ipv6Headers.BROKEN || !packet.has(at, HEADER_LENGTH)) {
      evaluation.hotDrop = true;
      return false;
    }
    long id = packet.u32(at + 4);
    int offset = packet.u16(at + 2);
    boolean followed = (offset & MORE_FRAGMENTS) != 0;
    return (id >= lowId && id <= highId) != idInverted
        && !(reserved && (packet.u8(at + 1) | offset & RESERVED_BITS) != 0)
        && !(first && offset >> 3 != 0)
        && !(more && !followed)
        && !(last && followed);
  }
}
