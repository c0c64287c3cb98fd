package org.fwreplay.xt.match;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m dns}: tests header flags and the first question of DNS messages to port 53. xt_dns and
 * libxt_dns of iptables-ext-dns 1.1.3, with their ways: the IPv4 header is taken to have 20 bytes,
 * of TCP only segments with ACK and PSH count and a message begins in each, counts are not looked
 * at, and a question that is malformed drops the packet.
 *
 * @param flags flag bits that are tested, of the header's second word
 * @param unset those of them that must not be set
 * @param opcode null for any
 * @param rcode null for any
 * @param name the question's name, small letters without a final dot; null for any
 * @param suffix whether the name is one at the end
 * @param type the question's type; null for any
 * @param maxSize how long the name may be on the wire
 */
public record DnsMatch(
    int flags,
    int unset,
    Code opcode,
    Code rcode,
    Name name,
    boolean suffix,
    Code type,
    Size maxSize)
    implements PacketMatch {

  /** A number and whether it must be another. */
  public record Code(int value, boolean inverted) {}

  /** A name and whether it must be another. */
  public record Name(String text, boolean inverted) {}

  /** A length and whether it must be exceeded. */
  public record Size(int most, boolean inverted) {}

  private static final int PORT = 53;
  private static final int HEADER_LENGTH = 12;
  private static final int MAX_NAME = 255;
  private static final int MAX_LABEL = 63;
  private static final int ACK_PSH = Tcp.ACK | Tcp.PSH;
  private static final Size ANY_SIZE = new Size(MAX_NAME, false);

  private static final List<Map.Entry<String, Integer>> FLAGS =
      List.of(
          Map.entry("qr", 0x8000),
          Map.entry("aa", 0x0400),
          Map.entry("tc", 0x0200),
          Map.entry("rd", 0x0100),
          Map.entry("ra", 0x0080),
          Map.entry("ad", 0x0020),
          Map.entry("cd", 0x0010));

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "dns";
    }

    @Override
    public String summary() {
      return "tests flags and question of DNS requests";
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.PREROUTING, Hook.INPUT);
    }

    @Override
    public List<Option> options() {
      List<Option> options = new ArrayList<>();
      FLAGS.forEach(flag -> options.add(Option.flag(flag.getKey()).withInversion()));
      options.add(Option.of("opcode", "name").withInversion());
      options.add(Option.of("rcode", "name").withInversion());
      options.add(Option.of("qname", "name").withInversion());
      options.add(Option.flag("rmatch").orAs("reverse-match"));
      options.add(Option.of("qtype", "type").withInversion());
      options.add(Option.of("maxsize", "bytes").withInversion());
      return options;
    }

    @Override
    public DnsMatch parse(Arguments arguments) {
      int flags = 0;
      int unset = 0;
      for (Map.Entry<String, Integer> flag : FLAGS) {
        flags |= arguments.has(flag.getKey()) ? flag.getValue() : 0;
        unset |= arguments.inverted(flag.getKey()) ? flag.getValue() : 0;
      }
      Argument size = arguments.find("maxsize");
      return new DnsMatch(
          flags,
          unset,
          code(arguments.find("opcode"), DnsCodes.OPCODES),
          code(arguments.find("rcode"), DnsCodes.RCODES),
          name(arguments.find("qname")),
          arguments.has("rmatch"),
          code(arguments.find("qtype"), DnsCodes.TYPES),
          size == null ? ANY_SIZE : new Size((int) size.unsigned(0, MAX_NAME), size.inverted()));
    }

    private static Code code(Argument argument, DnsCodes codes) {
      return argument == null ? null : new Code(codes.parse(argument), argument.inverted());
    }

    private static Name name(Argument argument) {
      if (argument == null) {
        return null;
      }
      String text = argument.text().toLowerCase(Locale.ROOT);
      DnsName.wire(argument, text, MAX_NAME);
      return new Name(text, argument.inverted());
    }
  }

  @Override
  public void save(RuleWriter out) {
    saveFlag(out, 0);
    saveCode(out, "opcode", opcode, DnsCodes.OPCODES);
    for (int i = 1; i < FLAGS.size(); i++) {
      saveFlag(out, i);
    }
    saveCode(out, "rcode", rcode, DnsCodes.RCODES);
    if (name != null) {
      out.option("qname", name.inverted, name.text);
    }
    saveCode(out, "qtype", type, DnsCodes.TYPES);
    if (suffix) {
      out.flag("rmatch");
    }
    if (maxSize.most != MAX_NAME) {
      out.option("maxsize", maxSize.inverted, maxSize.most);
    }
  }

  private void saveFlag(RuleWriter out, int index) {
    int bit = FLAGS.get(index).getValue();
    if ((flags & bit) != 0) {
      out.flag(FLAGS.get(index).getKey(), (unset & bit) != 0);
    }
  }

  private static void saveCode(RuleWriter out, String option, Code code, DnsCodes codes) {
    if (code != null) {
      out.option(option, code.inverted, codes.name(code.value));
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    byte[] wire =
        name == null
            ? null
            : DnsName.wire(new Argument("qname", false, name.text, 0), name.text, MAX_NAME);
    return (packet, evaluation) -> matches(packet, evaluation, wire);
  }

  private boolean matches(Packet p, Evaluation e, byte[] wire) {
    boolean udp = p.protocol == Protocols.UDP;
    if (p.fragmentOffset != 0 || !udp && p.protocol != Protocols.TCP) {
      return false;
    }
    int transport = p.ipv6 ? p.transport : p.network + Ipv4.MIN_LENGTH;
    if (!p.has(transport, udp ? Udp.LENGTH : Tcp.MIN_LENGTH)) {
      e.hotDrop = true;
      return false;
    }
    if (p.u16(transport + 2) != PORT
        || !udp && (p.u8(transport + Tcp.FLAGS) & ACK_PSH) != ACK_PSH) {
      return false;
    }
    int header = (p.u8(transport + Tcp.DATA_OFFSET) >> 4) * 4;
    return message(p, e, transport + (udp ? Udp.LENGTH : header + 2), wire);
  }

  private boolean message(Packet p, Evaluation e, int at, byte[] wire) {
    if (!p.has(at, HEADER_LENGTH)) {
      e.hotDrop = true;
      return false;
    }
    int word = p.u16(at + 2);
    if ((word & flags) != (flags & ~unset)
        || !fits(opcode, word >> 11 & 15)
        || !fits(rcode, word & 15)) {
      return false;
    }
    int question = at + HEADER_LENGTH;
    int length = DnsRequest.nameLength(p.buffer, question, p.end);
    if (length < 0 || !p.has(question + length, 2)) {
      e.hotDrop = true;
      return false;
    }
    return length <= maxSize.most != maxSize.inverted
        && fits(type, p.u16(question + length))
        && (name == null || isAsked(p, question, length, wire) != name.inverted);
  }

  private static boolean fits(Code code, int value) {
    return code == null || value == code.value != code.inverted;
  }

  /**
   * Compares from the end as the module does: with {@code --rmatch} the byte before the name, a
   * length, is not told from another, so that example.com is also the end of badexample.com.
   */
  private boolean isAsked(Packet p, int at, int length, byte[] wire) {
    int q = length - 1;
    int m = wire.length - 1;
    while (q >= 0 && m >= 0) {
      if (DnsName.fold(p.u8(at + q--)) != wire[m--]) {
        break;
      }
    }
    return m < 0 && (q < 0 || suffix);
  }
}
