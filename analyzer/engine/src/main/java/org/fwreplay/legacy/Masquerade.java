package org.fwreplay.legacy;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;

/**
 * Masquerading of Linux 2.2: ip_masq. TCP, UDP and ICMP queries get one of the ports 61000 to
 * 65095, by turns; UDP lets anybody answer.
 */
public final class Masquerade {
  private static final int FIRST_PORT = 61_000;
  private static final int LAST_PORT = 65_095;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long TCP_NS = 900 * SECOND_NS;
  private static final long CLOSING_NS = 120 * SECOND_NS;
  private static final long UDP_NS = 300 * SECOND_NS;
  private static final long ICMP_NS = 125 * SECOND_NS;

  private record Inside(int protocol, long address, int port, long peer, int peerPort) {}

  private record Outside(int protocol, int port) {}

  private static final class Entry {
    Inside inside;
    long address;
    int port;
    long expiresNs;
    boolean closing;
  }

  private final Map<Inside, Entry> byInside = new HashMap<>();
  private final Map<Outside, Entry> byPort = new HashMap<>();
  private int nextPort = FIRST_PORT;

  /** How many connections there are at that time. */
  public int count(long nowNs) {
    expire(nowNs);
    return byInside.size();
  }

  private void expire(long nowNs) {
    for (Iterator<Entry> i = byInside.values().iterator(); i.hasNext(); ) {
      Entry entry = i.next();
      if (entry.expiresNs <= nowNs) {
        i.remove();
        byPort.remove(new Outside(entry.inside.protocol, entry.port));
      }
    }
  }

  /**
   * Gives a packet that leaves the address of the host: {@code ip_fw_masquerade}.
   *
   * @param address of the interface that it leaves by
   * @return false where the packet is dropped: another protocol, a later fragment, no port free
   */
  public boolean out(Packet p, long address) {
    if (!isKnown(p) || p.protocol == Protocols.ICMP && !isQuery(p)) {
      return false;
    }
    boolean icmp = p.protocol == Protocols.ICMP;
    int port = p.u16(p.transport + (icmp ? Icmp.ID : 0));
    Inside inside =
        new Inside(
            p.protocol, p.sourceLo(), port, p.destinationLo(), icmp ? 0 : p.u16(p.transport + 2));
    Entry entry = byInside.get(inside);
    if (entry == null || entry.expiresNs <= p.timeNs) {
      entry = make(inside, address, p.timeNs);
      if (entry == null) {
        return false;
      }
    }
    refresh(entry, p);
    rewrite(p, Ipv4.SOURCE, entry.address, icmp ? Icmp.ID : 0, entry.port);
    return true;
  }

  private Entry make(Inside inside, long address, long nowNs) {
    expire(nowNs);
    for (int left = LAST_PORT - FIRST_PORT; left >= 0; left--) {
      int port = nextPort;
      nextPort = port == LAST_PORT ? FIRST_PORT : port + 1;
      Outside outside = new Outside(inside.protocol, port);
      if (!byPort.containsKey(outside)) {
        Entry entry = new Entry();
        entry.inside = inside;
        entry.address = address;
        entry.port = port;
        byInside.put(inside, entry);
        byPort.put(outside, entry);
        return entry;
      }
    }
    return null;
  }

  private static void refresh(Entry entry, Packet p) {
    long time = p.protocol == Protocols.UDP ? UDP_NS : ICMP_NS;
    if (p.protocol == Protocols.TCP) {
      entry.closing |= (p.u8(p.transport + Tcp.FLAGS) & (Tcp.FIN | Tcp.RST)) != 0;
      time = entry.closing ? CLOSING_NS : TCP_NS;
    }
    entry.expiresNs = p.timeNs + time;
  }

  /** Leads an answer to the host inside that it is for: {@code ip_fw_demasquerade}. */
  public boolean in(Packet p) {
    if (!isKnown(p)) {
      return false;
    }
    boolean icmp = p.protocol == Protocols.ICMP;
    if (icmp && Icmp.isError(p.u8(p.transport))) {
      return error(p);
    }
    Entry entry = byPort.get(new Outside(p.protocol, p.u16(p.transport + (icmp ? Icmp.ID : 2))));
    boolean fits =
        entry != null
            && entry.expiresNs > p.timeNs
            && entry.address == p.destinationLo()
            && (p.protocol == Protocols.UDP
                || entry.inside.peer == p.sourceLo()
                    && (icmp || entry.inside.peerPort == p.u16(p.transport)));
    if (!fits) {
      return false;
    }
    refresh(entry, p);
    rewrite(p, Ipv4.DESTINATION, entry.inside.address, icmp ? Icmp.ID : 2, entry.inside.port);
    return true;
  }

  /** An ICMP error about a packet that was masqueraded. */
  private boolean error(Packet p) {
    int quoted = p.transport + Icmp.LENGTH;
    if (quoted + Ipv4.MIN_LENGTH + 8 > p.end) {
      return false;
    }
    int protocol = p.u8(quoted + Ipv4.PROTOCOL);
    int ports = quoted + (p.u8(quoted) & 15) * 4;
    int field = ports + (protocol == Protocols.ICMP ? Icmp.ID : 0);
    if (field + 2 > p.end) {
      return false;
    }
    Entry entry = byPort.get(new Outside(protocol, p.u16(field)));
    if (entry == null
        || entry.expiresNs <= p.timeNs
        || entry.address != p.u32(quoted + Ipv4.SOURCE)) {
      return false;
    }
    Bytes.put32(p.buffer, quoted + Ipv4.SOURCE, (int) entry.inside.address);
    Checksums.ipv4Header(p.buffer, quoted);
    Bytes.put16(p.buffer, field, entry.inside.port);
    Bytes.put32(p.buffer, p.network + Ipv4.DESTINATION, (int) entry.inside.address);
    Checksums.ipv4Header(p.buffer, p.network);
    Bytes.put16(p.buffer, p.transport + Icmp.CHECKSUM, 0);
    long sum = Checksums.sum(p.buffer, p.transport, p.end - p.transport, 0);
    Bytes.put16(p.buffer, p.transport + Icmp.CHECKSUM, Checksums.finish(sum));
    return true;
  }

  private static boolean isKnown(Packet p) {
    int needed =
        switch (p.protocol) {
          case Protocols.TCP -> Tcp.MIN_LENGTH;
          case Protocols.UDP, Protocols.ICMP -> Udp.LENGTH;
          default -> Integer.MAX_VALUE - p.transport;
        };
    return p.fragmentOffset == 0 && p.transport + needed <= p.end;
  }

  private static boolean isQuery(Packet p) {
    int type = p.u8(p.transport);
    return type == Icmp.ECHO_REQUEST
        || type == Icmp.TIMESTAMP
        || type == Icmp.INFO_REQUEST
        || type == Icmp.ADDRESS_MASK;
  }

  /** Rewrites an address and a port, or ICMP's id, and the checksums over them. */
  private static void rewrite(Packet p, int field, long address, int portField, int port) {
    byte[] b = p.buffer;
    int before = Bytes.i32(b, p.network + field);
    int portBefore = p.u16(p.transport + portField);
    Bytes.put32(b, p.network + field, (int) address);
    Bytes.put16(b, p.transport + portField, port);
    Checksums.ipv4Header(b, p.network);
    int at =
        p.transport
            + switch (p.protocol) {
              case Protocols.TCP -> Tcp.CHECKSUM;
              case Protocols.UDP -> Udp.CHECKSUM;
              default -> Icmp.CHECKSUM;
            };
    int sum = p.u16(at);
    if (p.protocol == Protocols.UDP && sum == 0) {
      return;
    }
    sum = Checksums.update16(sum, portBefore, port);
    if (p.protocol != Protocols.ICMP) {
      sum = Checksums.update32(sum, before, (int) address);
    }
    Bytes.put16(b, at, sum == 0 && p.protocol == Protocols.UDP ? 0xffff : sum);
  }
}
