package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.Set;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m eui64}: whether the source address ends with the sender's Ethernet address as EUI-64
 * (RFC 4291 appendix A). ip6t_eui64, libip6t_eui64.
 */
public record Eui64Match() implements StatelessMatch {
  private static final int ETHERNET_LENGTH = 14;
  private static final int ETHERNET_SOURCE = 6;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final long UNIVERSAL_BIT = 0x0200_0000_0000_0000L;

  /** The extension, without options. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "eui64";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV6);
    }

    @Override
    public String summary() {
      return "whether the source address is made of the sender's Ethernet address";
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD);
    }

    @Override
    public Eui64Match parse(Arguments arguments) {
      return new Eui64Match();
    }
  }

  @Override
  public void save(RuleWriter out) {}

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    int at = packet.mac;
    if (at < 0 || packet.network - at < ETHERNET_LENGTH) {
      return false;
    }
    byte[] b = packet.buffer;
    if (Bytes.u16(b, packet.network - 2) != ETHERTYPE_IPV6) {
      return false;
    }
    long vendor = Bytes.u32(b, at + ETHERNET_SOURCE) >>> 8;
    long device = Bytes.u32(b, at + ETHERNET_SOURCE + 2) & 0xffffff;
    long eui = (vendor << 40 | 0xfffe00_0000L | device) ^ UNIVERSAL_BIT;
    return Bytes.i64(b, packet.network + Ipv6.SOURCE + 8) == eui;
  }
}
