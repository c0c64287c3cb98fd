package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m dns_name}: does a DNS request ask for this name? xt_dns_name, which knew IPv4, UDP and
 * OUTPUT only; {@code strict} keeps these limits. What is not beyond doubt a DNS request does not
 * match, inverted or not.
 *
 * @param domain dotted, without a final dot
 */
public record DnsNameMatch(String domain, boolean inverted, boolean strict) implements PacketMatch {
  /** The name of the dialect that keeps the original's limits; its value is {@code strict}. */
  public static final String DIALECT = "dns_name";

  private static final String OPTION = "domain";
  private static final int MAX_WIRE = 127;
  private static final int PORT = 53;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "dns_name";
    }

    @Override
    public String summary() {
      return "DNS requests for a name";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of(OPTION, "name").withInversion().multiple());
    }

    @Override
    public DnsNameMatch parse(Arguments arguments) {
      Argument domain = arguments.find(OPTION);
      if (domain == null) {
        throw arguments.fail("xt_dns_name: make sure to specify the \"--domain\" argument!");
      }
      if (arguments.all().size() > 1) {
        throw domain.fail("xt_dns_name: use \"--domain\" only once!");
      }
      boolean strict = arguments.dialect(DIALECT).equals("strict");
      if (strict && arguments.family() == Family.IPV6) {
        throw arguments.fail("xt_dns_name is for IPv4 only");
      }
      String text = domain.text();
      String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
      DnsName.wire(domain, name, MAX_WIRE);
      return new DnsNameMatch(name, domain.inverted(), strict);
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option(OPTION, inverted, domain);
  }

  @Override
  public Set<Hook> hooks() {
    return strict ? EnumSet.of(Hook.OUTPUT) : EnumSet.allOf(Hook.class);
  }

  @Override
  public String assumption() {
    return strict
        ? ""
        : "dns_name: also used where the original is not, with IPv6, TCP, and hooks other than"
            + " OUTPUT (--dns-name-strict keeps its limits)";
  }

  @Override
  public Matcher bind(Binding binding) {
    Argument name = new Argument(OPTION, false, domain, 0);
    byte[] wire = DnsName.wire(name, domain, MAX_WIRE);
    if (strict) {
      return (packet, evaluation) -> isWhole(packet) && udp(packet, wire);
    }
    DnsStreams streams = binding.shared(DnsStreams.class, DnsStreams.SHARED, DnsStreams::new);
    return (packet, evaluation) ->
        isWhole(packet) && (udp(packet, wire) || tcp(packet, wire, streams));
  }

  private static boolean isWhole(Packet p) {
    return !p.isFragment() && p.transport + Udp.LENGTH <= p.end && p.u16(p.transport + 2) == PORT;
  }

  private boolean udp(Packet p, byte[] wire) {
    int length = p.end - p.transport;
    if (p.protocol != Protocols.UDP || p.u16(p.transport + Udp.UDP_LENGTH) != length) {
      return false;
    }
    int at = p.transport + Udp.LENGTH;
    int payload = length - Udp.LENGTH;
    return DnsRequest.isCertain(p.buffer, at, payload)
        && DnsRequest.asksFor(p.buffer, at, payload, wire) != inverted;
  }

  private boolean tcp(Packet p, byte[] wire, DnsStreams streams) {
    if (p.protocol != Protocols.TCP || p.transport + Tcp.MIN_LENGTH > p.end) {
      return false;
    }
    Found found = new Found(wire);
    streams.segment(p, found);
    return found.requests && found.name != inverted;
  }

  /** What the messages of a segment are. */
  private static final class Found implements DnsStreams.Messages {
    private final byte[] wire;
    private boolean requests;
    private boolean name;

    Found(byte[] wire) {
      this.wire = wire;
    }

    @Override
    public void message(byte[] b, int at, int length) {
      if (DnsRequest.isCertain(b, at, length)) {
        requests = true;
        name |= DnsRequest.asksFor(b, at, length, wire);
      }
    }
  }
}
