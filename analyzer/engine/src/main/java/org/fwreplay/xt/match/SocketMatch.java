package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m socket}: whether the host has a socket that the packet is for. xt_socket, libxt_socket.
 *
 * <p>Only TCP, UDP and ICMP errors about them can be for a socket; which sockets there are, and
 * whether they are transparent, a capture does not tell.
 *
 * @param transparent whether the socket must be transparent
 * @param noWildcard whether sockets bound to no address count
 * @param restoreMark whether the packet gets the socket's mark
 */
public record SocketMatch(boolean transparent, boolean noWildcard, boolean restoreMark)
    implements StatelessMatch {

  private static final int ICMP_HEADER = 8;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "socket";
    }

    @Override
    public String summary() {
      return "whether the host has a socket for the packet";
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.PREROUTING, Hook.INPUT);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.flag("transparent"), Option.flag("nowildcard"), Option.flag("restore-skmark"));
    }

    @Override
    public SocketMatch parse(Arguments arguments) {
      return new SocketMatch(
          arguments.has("transparent"),
          arguments.has("nowildcard"),
          arguments.has("restore-skmark"));
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (transparent) {
      out.flag("transparent");
    }
    if (noWildcard) {
      out.flag("nowildcard");
    }
    if (restoreMark) {
      out.flag("restore-skmark");
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return canBeForSocket(packet) && evaluation.undecided(packet);
  }

  private static boolean canBeForSocket(Packet packet) {
    int at = packet.transport;
    return switch (packet.protocol) {
      case Protocols.TCP -> packet.has(at, Tcp.MIN_LENGTH);
      case Protocols.UDP -> packet.has(at, Udp.LENGTH);
      case Protocols.ICMP -> !packet.ipv6 && isError4(packet, at);
      case Protocols.ICMPV6 -> packet.ipv6 && isError6(packet, at);
      default -> false;
    };
  }

  /** Unreachable, source quench, redirect, time exceeded or parameter problem. */
  private static boolean isError4(Packet packet, int at) {
    int inner = at + ICMP_HEADER;
    if (!packet.has(inner, Ipv4.MIN_LENGTH)) {
      return false;
    }
    int protocol = packet.u8(inner + Ipv4.PROTOCOL);
    int ports = inner + (packet.u8(inner) & 15) * 4;
    boolean error =
        switch (packet.u8(at)) {
          case 3, 4, 5, 11, 12 -> true;
          default -> false;
        };
    return error && hasPorts(protocol) && packet.has(ports, 4);
  }

  private static boolean isError6(Packet packet, int at) {
    int inner = at + ICMP_HEADER;
    if (!packet.has(inner, Ipv6.LENGTH) || (packet.u8(at) & 0x80) != 0) {
      return false;
    }
    int protocol = packet.u8(inner + Ipv6.NEXT_HEADER);
    return hasPorts(protocol) || Protocols.isExtensionHeader(protocol);
  }

  private static boolean hasPorts(int protocol) {
    return protocol == Protocols.TCP || protocol == Protocols.UDP;
  }
}
