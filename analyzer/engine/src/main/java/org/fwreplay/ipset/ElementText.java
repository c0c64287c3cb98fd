package org.fwreplay.ipset;

import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Names;
import org.fwreplay.packet.Protocols;

/** Writes elements as {@code ipset save} does. */
final class ElementText {
  private ElementText() {}

  static void append(StringBuilder out, SetHeader header, Element e) {
    SetType type = header.type;
    boolean ipv6 = header.ipv6();
    for (int i = 0; i < type.fields.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      boolean second = i > 0;
      switch (type.fields.get(i)) {
        case IP ->
            out.append(
                second ? AddressText.of(ipv6, e.hi2, e.lo2) : AddressText.of(ipv6, e.hi, e.lo));
        case NET -> {
          if (second) {
            net(out, ipv6, e.hi2, e.lo2, e.prefix2);
          } else {
            net(out, ipv6, e.hi, e.lo, e.prefix);
          }
        }
        case MAC -> mac(out, e.mac);
        case PORT -> port(out, e);
        case MARK -> out.append(String.format("0x%08x", e.mark));
        case IFACE -> out.append(e.physdev ? "physdev:" : "").append(e.iface);
        case SET -> out.append(e.set);
      }
    }
  }

  private static void net(StringBuilder out, boolean ipv6, long hi, long lo, int prefix) {
    out.append(AddressText.of(ipv6, hi, lo));
    if (prefix != (ipv6 ? 128 : 32)) {
      out.append('/').append(prefix);
    }
  }

  static void mac(StringBuilder out, long mac) {
    for (int shift = 40; shift >= 0; shift -= 8) {
      out.append(shift == 40 ? "" : ":").append(String.format("%02X", mac >>> shift & 0xff));
    }
  }

  private static void port(StringBuilder out, Element e) {
    String name = Names.protocolName(e.protocol);
    out.append(name == null ? Integer.toString(e.protocol) : name).append(':');
    if (e.protocol == Protocols.ICMP || e.protocol == Protocols.ICMPV6) {
      String icmp = IcmpNames.name(e.protocol == Protocols.ICMPV6, e.port);
      out.append(icmp != null ? icmp : (e.port >>> 8) + "/" + (e.port & 0xff));
    } else {
      out.append(e.port);
    }
  }
}
