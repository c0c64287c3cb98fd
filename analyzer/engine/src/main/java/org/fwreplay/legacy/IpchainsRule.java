package org.fwreplay.legacy;

import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;

/**
 * A rule of ipchains: {@code struct ip_fw} of Linux 2.2.
 *
 * @param source addresses, likewise {@code destination}
 * @param sourcePorts ports, or ICMP types; likewise {@code destinationPorts} and ICMP codes
 * @param protocol 0 for all
 * @param iface name, ending in {@code +} for all that begin so; empty for all
 * @param syn whether only SYN without ACK and RST is meant; 0 no, 1 yes, -1 inverted
 * @param fragment whether only later fragments are meant, likewise
 * @param tosAnd TOS is and-ed with this, then xor-ed with {@code tosXor}
 * @param mark what {@code -m} sets; null for none
 * @param target ACCEPT, DENY, REJECT, MASQ, REDIRECT, RETURN, DIVERT, a chain, or empty
 * @param port of REDIRECT (0 keeps the packet's) and DIVERT
 */
public record IpchainsRule(
    Net source,
    Net destination,
    Ports sourcePorts,
    Ports destinationPorts,
    int protocol,
    boolean protocolInverted,
    String iface,
    boolean ifaceInverted,
    int syn,
    int fragment,
    int tosAnd,
    int tosXor,
    Integer mark,
    boolean log,
    String target,
    int port,
    String text,
    SourcePosition position) {

  /** Addresses under a mask. */
  public record Net(long address, long mask, boolean inverted) {
    boolean matches(long other) {
      return ((other & mask) == address) != inverted;
    }
  }

  /** An inclusive range; all of it for no restriction. */
  public record Ports(int low, int high, boolean inverted) {
    static final Ports ALL = new Ports(0, 0xffff, false);

    boolean isAll() {
      return low == 0 && high == 0xffff && !inverted;
    }

    boolean matches(int port) {
      return (low <= port && port <= high) != inverted;
    }
  }

  /** The same for packets the other way ({@code -b}). */
  IpchainsRule swapped() {
    return new IpchainsRule(
        destination,
        source,
        destinationPorts,
        sourcePorts,
        protocol,
        protocolInverted,
        iface,
        ifaceInverted,
        syn,
        fragment,
        tosAnd,
        tosXor,
        mark,
        log,
        target,
        port,
        text,
        position);
  }

  /** Whether a packet fits, which is at an interface of that name. */
  boolean matches(Packet p, String name) {
    boolean later = p.fragmentOffset != 0;
    return source.matches(p.sourceLo())
        && destination.matches(p.destinationLo())
        && (protocol == 0 || (p.protocol == protocol) != protocolInverted)
        && matchesInterface(name)
        && (fragment == 0 || later == fragment > 0)
        && matchesTransport(p, later);
  }

  private boolean matchesInterface(String name) {
    if (iface.isEmpty()) {
      return true;
    }
    boolean prefix = iface.endsWith("+");
    boolean same =
        prefix ? name.startsWith(iface.substring(0, iface.length() - 1)) : name.equals(iface);
    return same != ifaceInverted;
  }

  /** What asks for ports or SYN fails where there are none to be seen, even inverted. */
  private boolean matchesTransport(Packet p, boolean later) {
    boolean asks = syn != 0 || !sourcePorts.isAll() || !destinationPorts.isAll();
    if (!asks) {
      return true;
    }
    boolean icmp = p.protocol == Protocols.ICMP;
    boolean tcp = p.protocol == Protocols.TCP;
    int needed = tcp ? Tcp.FLAGS + 1 : icmp ? 2 : 4;
    if (later || p.protocol != Protocols.UDP && !tcp && !icmp || p.transport + needed > p.end) {
      return false;
    }
    int flags = tcp ? p.u8(p.transport + Tcp.FLAGS) : 0;
    boolean opens = (flags & (Tcp.SYN | Tcp.ACK | Tcp.RST)) == Tcp.SYN;
    if (syn != 0 && opens != syn > 0) {
      return false;
    }
    int first = icmp ? p.u8(p.transport) : p.u16(p.transport);
    int second = icmp ? p.u8(p.transport + 1) : p.u16(p.transport + 2);
    return sourcePorts.matches(first) && destinationPorts.matches(second);
  }
}
