package org.fwreplay.xt.target;

import java.util.List;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.AddressText.Address;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.Verdict;

/**
 * Stateless translation of IPv6 prefixes (RFC 6296): the prefix is replaced and one 16-bit word of
 * the address changed so that checksums stay right. What SNPT and DNPT share; ip6t_NPT.
 *
 * @param source prefix that is replaced where an ICMPv6 error brings a packet back
 * @param destination prefix that takes its place
 */
public record PrefixMapping(
    Address source, int sourceLength, Address destination, int destinationLength) {
  private static final int MAX_LENGTH = 64;
  private static final int ALL_ONES = 0xffff;

  /** Word of the address that a prefix of up to 48 bits leaves for the adjustment. */
  private static final int SUBNET_WORD = 3;

  static final List<Option> OPTIONS =
      List.of(
          Option.of("src-pfx", "prefix/length").required(),
          Option.of("dst-pfx", "prefix/length").required());

  static PrefixMapping of(Arguments arguments) {
    Argument source = arguments.get("src-pfx");
    Argument destination = arguments.get("dst-pfx");
    return new PrefixMapping(
        prefix(source), length(source), prefix(destination), length(destination));
  }

  private static int length(Argument a) {
    int slash = a.text().indexOf('/');
    if (slash < 0) {
      throw a.fail("--" + a.option() + ": " + a.text() + " has no length; /0 to /64 is expected");
    }
    return (int) a.number(a.text().substring(slash + 1), 0, MAX_LENGTH);
  }

  private static Address prefix(Argument a) {
    int length = length(a);
    Address address = a.address(Family.IPV6, a.text().substring(0, a.text().indexOf('/')));
    Address mask = AddressText.prefix(Family.IPV6, length);
    if ((address.hi() & ~mask.hi()) != 0 || (address.lo() & ~mask.lo()) != 0) {
      throw a.fail("--" + a.option() + ": " + a.text() + " has bits behind its prefix");
    }
    return address;
  }

  void save(RuleWriter out) {
    save(out, "src-pfx", source, sourceLength);
    save(out, "dst-pfx", destination, destinationLength);
  }

  private static void save(RuleWriter out, String option, Address prefix, int length) {
    if (length != 0) {
      String text = AddressText.format(Family.IPV6, prefix.hi(), prefix.lo());
      out.option(option, text + "/" + length);
    }
  }

  /**
   * Maps an address of the packet, and the opposite one of a packet that an ICMPv6 error brings.
   *
   * @param field offset of the address in the IPv6 header
   * @param bounced the same in a packet brought back
   * @param adjustment of {@link #adjustment}
   */
  int apply(Packet p, Evaluation evaluation, int field, int bounced, int adjustment) {
    if (!map(p, p.network + field, adjustment)) {
      evaluation.services.sendError(p, Icmp.V6_PARAMETER_PROBLEM, 0, field);
      return Verdict.DROP;
    }
    int error = p.network + Ipv6.LENGTH;
    int header = error + Icmp.LENGTH;
    if (p.u8(p.network + Ipv6.NEXT_HEADER) == Protocols.ICMPV6
        && p.has(header, Ipv6.LENGTH)
        && p.u8(error) < 0x80
        && isOfSource(p, header + bounced)) {
      map(p, header + bounced, adjustment);
    }
    return Verdict.CONTINUE;
  }

  private boolean isOfSource(Packet p, int at) {
    Address mask = AddressText.prefix(Family.IPV6, sourceLength);
    return (Bytes.i64(p.buffer, at) & mask.hi()) == source.hi()
        && (Bytes.i64(p.buffer, at + 8) & mask.lo()) == source.lo();
  }

  /** What the one's complement sum of an address loses when its prefix is replaced. */
  int adjustment() {
    long lost = sum(source) + (~sum(destination) & 0xffffffffL);
    return Checksums.fold(lost);
  }

  private static long sum(Address a) {
    long sum = (a.hi() >>> 32) + (a.hi() & 0xffffffffL) + (a.lo() >>> 32) + (a.lo() & 0xffffffffL);
    sum = (sum >>> 32) + (sum & 0xffffffffL);
    return (sum >>> 32) + (sum & 0xffffffffL);
  }

  /** {@code ip6t_npt_map_pfx}; false where no word is left to adjust. */
  private boolean map(Packet p, int at, int adjustment) {
    Address mask = AddressText.prefix(Family.IPV6, Math.max(sourceLength, destinationLength));
    long hi = Bytes.i64(p.buffer, at) & ~mask.hi() | destination.hi();
    Bytes.put64(p.buffer, at, hi);
    int word = Math.max(sourceLength, destinationLength) <= 48 ? SUBNET_WORD : interfaceWord(p, at);
    if (word < 0) {
      return false;
    }
    int sum = Checksums.fold((long) p.u16(at + 2 * word) + adjustment);
    Bytes.put16(p.buffer, at + 2 * word, sum == ALL_ONES ? 0 : sum);
    return true;
  }

  private static int interfaceWord(Packet p, int at) {
    for (int word = SUBNET_WORD + 1; word < 8; word++) {
      if (p.u16(at + 2 * word) != ALL_ONES) {
        return word;
      }
    }
    return -1;
  }
}
