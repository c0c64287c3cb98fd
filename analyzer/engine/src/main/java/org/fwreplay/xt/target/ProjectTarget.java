package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.host.Host;
import org.fwreplay.host.InterfaceAddress;
import org.fwreplay.host.NetInterface;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j PROJECT}: a multicast datagram is received by another interface as if it had been sent
 * to that one alone. After a driver that did so for one port.
 *
 * @param to name of the interface
 * @param clear whether the UDP checksum is zeroed instead of updated
 */
public record ProjectTarget(String to, boolean clear) implements PacketTarget {
  private static final String TO = "to-iface";

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    private static final int MAX_NAME = 15;

    @Override
    public String name() {
      return "PROJECT";
    }

    @Override
    public String summary() {
      return "makes multicast datagrams unicast ones of another interface";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV4);
    }

    @Override
    public Set<String> tables() {
      return Set.of("raw");
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.PREROUTING);
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.UDP);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of(TO, "interface").required(), Option.flag("clear-checksum"));
    }

    @Override
    public ProjectTarget parse(Arguments arguments) {
      Argument to = arguments.get(TO);
      if (to.text().isEmpty() || to.text().length() > MAX_NAME || to.text().endsWith("+")) {
        throw to.fail("--to-iface: \"" + to.text() + "\" is not the name of one interface");
      }
      return new ProjectTarget(to.text(), arguments.has("clear-checksum"));
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option(TO, to);
    if (clear) {
      out.flag("clear-checksum");
    }
  }

  @Override
  public String unfit(Host host) {
    NetInterface there = host.interfaceByName(to);
    if (there == null) {
      return "the host has no interface " + to;
    }
    if (!there.up()) {
      return "interface " + to + " is down";
    }
    return address(there) < 0 ? "interface " + to + " has no IPv4 address" : "";
  }

  private static long address(NetInterface there) {
    for (InterfaceAddress address : there.addresses()) {
      if (!address.six()) {
        return address.lo();
      }
    }
    return -1;
  }

  @Override
  public Action bind(Binding binding) {
    String unfit = unfit(binding.host());
    if (!unfit.isEmpty()) {
      throw new IllegalArgumentException("PROJECT: " + unfit);
    }
    NetInterface there = binding.host().interfaceByName(to);
    long address = address(there);
    return (packet, evaluation) -> {
      if (!isProjected(packet)) {
        return Verdict.CONTINUE;
      }
      evaluation.services.receiveCopy(packet, there.id(), copy -> project(copy, there, address));
      return Verdict.STOLEN;
    };
  }

  /** A whole UDP datagram of sound length to a multicast group (224.0.0.0/4). */
  private static boolean isProjected(Packet p) {
    return p.protocol == Protocols.UDP
        && !p.isFragment()
        && p.destinationLo() >>> 28 == 0xe
        && p.has(p.transport, Udp.LENGTH)
        && p.u16(p.transport + Udp.UDP_LENGTH) >= Udp.LENGTH
        && p.transport + p.u16(p.transport + Udp.UDP_LENGTH) <= p.end;
  }

  private void project(Packet p, NetInterface there, long address) {
    byte[] b = p.buffer;
    if (p.mac >= 0 && there.mac() >= 0) {
      Bytes.put32(b, p.mac, (int) (there.mac() >>> 16));
      Bytes.put16(b, p.mac + 4, (int) there.mac());
    }
    int before = Bytes.i32(b, p.network + Ipv4.DESTINATION);
    Bytes.put32(b, p.network + Ipv4.DESTINATION, (int) address);
    Checksums.ipv4Header(b, p.network);
    int at = p.transport + Udp.CHECKSUM;
    if (clear) {
      Bytes.put16(b, at, 0);
    } else if (p.u16(at) != 0) {
      int sum = Checksums.update32(p.u16(at), before, (int) address);
      Bytes.put16(b, at, sum == 0 ? 0xffff : sum);
    }
  }
}
