package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.host.Addresses;
import org.fwreplay.host.Host;
import org.fwreplay.host.InterfaceAddress;
import org.fwreplay.nat.Nat;
import org.fwreplay.nat.NatRange;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j REDIRECT}: brings the connection to this host, to the address of the interface that it
 * came by, or to the loopback address where the host itself made it. xt_REDIRECT, nf_nat_redirect,
 * libxt_NAT.
 *
 * @param range its ports and flags; the address is found for each connection
 */
public record RedirectTarget(NatRange range) implements PacketTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "REDIRECT";
    }

    @Override
    public String summary() {
      return "brings connections to this host";
    }

    @Override
    public Set<String> tables() {
      return Set.of("nat");
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.PREROUTING, Hook.OUTPUT);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("to-ports", "port[-port]"), Option.flag("random"));
    }

    @Override
    public RedirectTarget parse(Arguments arguments) {
      NatRange range = NatOptions.parse(arguments);
      if (range.has(NatRange.PORT_OFFSET)) {
        throw arguments.find("to-ports").fail("--to-ports: REDIRECT cannot shift a range of ports");
      }
      return new RedirectTarget(range);
    }
  }

  @Override
  public void save(RuleWriter out) {
    NatOptions.save(out, "to-ports", range);
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public Action bind(Binding binding) {
    return new Redirect(binding.host(), new AddressedRange(range));
  }

  private static final class Redirect implements Action {
    private static final long LOOPBACK_IPV4 = 0x7f000001L;
    private static final long LOOPBACK_IPV6 = 1;
    private static final int HOST = 0x10;
    private static final int LINK = 0x20;
    private static final int SITE = 0x40;
    private static final int IPV4_COMPATIBLE = 0x80;

    private final Host host;
    private final AddressedRange ranges;

    Redirect(Host host, AddressedRange ranges) {
      this.host = host;
      this.ranges = ranges;
    }

    @Override
    public int apply(Packet packet, Evaluation evaluation) {
      NatRange range = range(packet, evaluation);
      return range == null
          ? Verdict.DROP
          : NatSetup.verdict(evaluation, Connection.of(packet), range, Nat.DESTINATION);
    }

    private NatRange range(Packet packet, Evaluation evaluation) {
      if (evaluation.hook == Hook.OUTPUT) {
        return ranges.at(0, packet.ipv6 ? LOOPBACK_IPV6 : LOOPBACK_IPV4);
      }
      List<InterfaceAddress> addresses = host.networkInterface(evaluation.in).addresses();
      for (int i = 0; i < addresses.size(); i++) {
        InterfaceAddress address = addresses.get(i);
        if (packet.ipv6 ? isUsable6(packet, address) : !address.six()) {
          return ranges.at(address.hi(), address.lo());
        }
      }
      return null;
    }

    /** Whether the address is in use and of a scope that the packet's destination has. */
    private static boolean isUsable6(Packet packet, InterfaceAddress address) {
      boolean mapped = address.hi() == 0 && address.lo() >>> 32 == 0xffff;
      if (!address.six() || mapped || address.tentative() && !address.optimistic()) {
        return false;
      }
      int wanted = scope6(packet.destinationHi(), packet.destinationLo());
      return wanted == 0 || (wanted & scope6(address.hi(), address.lo())) != 0;
    }

    /** Kind of a scope that is not global, as the bits of {@code ipv6_addr_scope}; 0 for global. */
    private static int scope6(long hi, long lo) {
      if (Addresses.isMulticast6(hi)) {
        return switch ((int) (hi >>> 48) & 15) {
          case 1 -> HOST;
          case 2 -> LINK;
          case 5 -> SITE;
          default -> 0;
        };
      }
      if (Addresses.isLinkLocal6(hi)) {
        return LINK;
      }
      if (hi >>> 54 == 0x3fb) {
        return SITE;
      }
      if (hi != 0 || lo >>> 32 != 0 || lo == 0) {
        return 0;
      }
      return lo == 1 ? HOST : IPV4_COMPATIBLE;
    }
  }
}
