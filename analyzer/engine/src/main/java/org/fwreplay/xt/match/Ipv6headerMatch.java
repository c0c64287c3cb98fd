package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Names;
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
 * {@code -m ipv6header}: tests which extension headers an IPv6 packet has. ip6t_ipv6header,
 * libip6t_ipv6header.
 *
 * @param headers bits, in the order of {@code HEADERS}
 * @param soft whether there may be others
 */
public record Ipv6headerMatch(int headers, boolean soft, boolean inverted)
    implements StatelessMatch {

  private record Header(int protocol, String saved, List<String> names) {}

  /** Stands for whatever follows the extension headers. */
  private static final int PROTOCOL = 255;

  /** In the order in which iptables-save lists them. */
  private static final List<Header> HEADERS =
      List.of(
          new Header(Protocols.HOPOPTS, "hop-by-hop", List.of("hop-by-hop", "hop", "0")),
          new Header(Protocols.DSTOPTS, "ipv6-opts", List.of("dst", "60")),
          new Header(Protocols.ROUTING, "ipv6-route", List.of("route", "43")),
          new Header(Protocols.FRAGMENT, "ipv6-frag", List.of("frag", "44")),
          new Header(Protocols.AH, "ah", List.of("auth", "51")),
          new Header(Protocols.ESP, "esp", List.of("esp", "50")),
          new Header(Protocols.NONE, "ipv6-nonxt", List.of("none", "59")),
          new Header(PROTOCOL, "protocol", List.of("protocol", "prot", "255")));

  private static final int NONE = 1 << 6;
  private static final int ESP = 1 << 5;
  private static final int UPPER = 1 << 7;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "ipv6header";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV6);
    }

    @Override
    public String summary() {
      return "tests which extension headers there are";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("header", "header[,header...]").withInversion().required(),
          Option.flag("soft"));
    }

    @Override
    public Ipv6headerMatch parse(Arguments arguments) {
      Argument argument = arguments.get("header");
      int headers = 0;
      for (String word : argument.text().split(",")) {
        headers |= word.isEmpty() ? 0 : bit(argument, word);
      }
      if (headers == 0) {
        throw argument.fail("--header: \"" + argument.text() + "\" names no header");
      }
      return new Ipv6headerMatch(headers, arguments.has("soft"), argument.inverted());
    }

    private static int bit(Argument argument, String word) {
      int protocol = Names.protocol(word);
      for (int i = 0; i < HEADERS.size(); i++) {
        Header header = HEADERS.get(i);
        if (header.names.contains(word) || header.protocol == protocol) {
          return 1 << i;
        }
      }
      throw argument.fail(
          "--header: unknown header \""
              + word
              + "\" (hop, dst, route, frag, auth, esp, none, prot)");
    }
  }

  @Override
  public void save(RuleWriter out) {
    StringJoiner list = new StringJoiner(",");
    for (int i = 0; i < HEADERS.size(); i++) {
      if ((headers & 1 << i) != 0) {
        list.add(HEADERS.get(i).saved);
      }
    }
    out.option("header", inverted, list);
    if (soft) {
      out.flag("soft");
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    int next = packet.u8(packet.network + Ipv6.NEXT_HEADER);
    int at = packet.network + Ipv6.LENGTH;
    int found = 0;
    while (Protocols.isExtensionHeader(next) || next == Protocols.ESP) {
      if (next == Protocols.NONE) {
        found |= NONE;
        break;
      }
      if (!packet.has(at, 2)) {
        return false;
      }
      if (next == Protocols.ESP) {
        found |= ESP;
        break;
      }
      found |= bit(next);
      int length = Ipv6Headers.length(packet, next, at);
      next = packet.u8(at);
      at += length;
      if (at > packet.end) {
        break;
      }
    }
    if (next != Protocols.NONE && next != Protocols.ESP) {
      found |= UPPER;
    }
    if (soft) {
      return ((found ^ headers ^ (inverted ? 0xff : 0)) & headers) == 0;
    }
    return (found == headers) != inverted;
  }

  private static int bit(int extensionHeader) {
    return switch (extensionHeader) {
      case Protocols.HOPOPTS -> 1;
      case Protocols.DSTOPTS -> 1 << 1;
      case Protocols.ROUTING -> 1 << 2;
      case Protocols.FRAGMENT -> 1 << 3;
      default -> 1 << 4;
    };
  }
}
