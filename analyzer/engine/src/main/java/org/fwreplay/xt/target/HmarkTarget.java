package org.fwreplay.xt.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Jhash;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.AddressText.Address;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j HMARK}: sets the packet mark to a hash of addresses, ports and protocol, the same for
 * both directions. xt_HMARK, libxt_HMARK.
 *
 * @param given bits of what was said, {@code 1 <<} the index in {@link #FIELDS}, 12 for {@code
 *     --hmark-tuple ct}
 * @param source mask of the source address
 * @param destination mask of the destination address
 * @param portMask of the source port in the upper half and the destination port in the lower, or of
 *     the SPI
 * @param portSet bits to set in these, likewise
 * @param modulus unsigned, not 0
 */
public record HmarkTarget(
    int given,
    Address source,
    Address destination,
    int portMask,
    int portSet,
    int protocolMask,
    int random,
    int modulus,
    int offset)
    implements PacketTarget {

  /** Options behind {@code --hmark-}, in the order of the kernel's flags. */
  private static final List<String> FIELDS =
      List.of(
          "src-prefix",
          "dst-prefix",
          "spi",
          "spi-mask",
          "sport",
          "dport",
          "sport-mask",
          "dport-mask",
          "proto-mask",
          "rnd",
          "mod",
          "offset");

  private static final int CONNTRACK = 12;
  private static final int UPPER = 0xffff0000;
  private static final int LOWER = 0xffff;

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "HMARK";
    }

    @Override
    public String summary() {
      return "sets the packet mark to a hash of the flow";
    }

    @Override
    public List<Option> options() {
      List<Option> options = new ArrayList<>();
      options.add(Option.of("hmark-tuple", "src|dst|sport|dport|spi|proto|ct[,...]"));
      for (String field : FIELDS) {
        Option option = Option.of("hmark-" + field, field.endsWith("prefix") ? "length" : "value");
        options.add(field.equals("mod") ? option.required() : option);
      }
      return options;
    }

    @Override
    public HmarkTarget parse(Arguments arguments) {
      Draft draft = new Draft(arguments.family());
      arguments.all().forEach(draft::take);
      if (!draft.has("rnd")) {
        throw arguments.fail("HMARK: option \"--hmark-rnd\" must be specified");
      }
      if (draft.has("spi-mask") && (draft.has("sport-mask") || draft.has("dport-mask"))) {
        throw arguments.fail("HMARK: --hmark-spi-mask cannot be used together with port masks");
      }
      if (draft.has("spi") && (draft.has("sport") || draft.has("dport"))) {
        throw arguments.fail("HMARK: --hmark-spi cannot be used together with ports");
      }
      int said = draft.given & ~(1 << FIELDS.indexOf("rnd") | 1 << FIELDS.indexOf("mod"));
      if ((said & ~(1 << FIELDS.indexOf("offset"))) == 0) {
        throw arguments.fail("HMARK: nothing to hash; --hmark-tuple says what");
      }
      return draft.finish();
    }
  }

  /** A target while its options are read. */
  private static final class Draft {
    private static final List<String> TYPES =
        List.of("ct", "src", "dst", "sport", "dport", "proto", "spi");
    private final Family family;
    private Address source = new Address(0, 0);
    private Address destination = source;
    private int portMask;
    private int portSet;
    private int protocolMask;
    private int random;
    private int modulus;
    private int offset;
    private int given;

    Draft(Family family) {
      this.family = family;
    }

    boolean has(String field) {
      return (given & 1 << FIELDS.indexOf(field)) != 0;
    }

    void take(Argument a) {
      if (a.option().equals("hmark-tuple")) {
        tuple(a);
        return;
      }
      String field = a.option().substring("hmark-".length());
      if (has(field)) {
        throw a.fail("--" + a.option() + ": --hmark-tuple has set it before");
      }
      switch (field) {
        case "src-prefix" -> source = prefix(a);
        case "dst-prefix" -> destination = prefix(a);
        case "spi" -> portSet = word(a, 0);
        case "spi-mask" -> portMask = word(a, 0);
        case "sport" -> portSet = portSet & LOWER | port(a) << 16;
        case "dport" -> portSet = portSet & UPPER | port(a);
        case "sport-mask" -> portMask = portMask & LOWER | port(a) << 16;
        case "dport-mask" -> portMask = portMask & UPPER | port(a);
        case "proto-mask" -> protocolMask = port(a);
        case "rnd" -> random = word(a, 0);
        case "mod" -> modulus = word(a, 1);
        default -> offset = word(a, 0);
      }
      given |= 1 << FIELDS.indexOf(field);
    }

    private Address prefix(Argument a) {
      int bits = family == Family.IPV6 ? 128 : 32;
      return AddressText.prefix(family, (int) a.unsigned(0, bits));
    }

    private static int word(Argument a, int least) {
      return (int) a.unsigned(least, 0xffffffffL);
    }

    private static int port(Argument a) {
      return (int) a.unsigned(0, 0xffff);
    }

    /** Each type sets a mask to all ones; as in iptables its beginning is enough. */
    private void tuple(Argument a) {
      for (String word : a.text().split(",", -1)) {
        String typed = word.toLowerCase(Locale.ROOT);
        String type =
            TYPES.stream()
                .filter(each -> !word.isEmpty() && each.startsWith(typed))
                .findFirst()
                .orElseThrow(
                    () ->
                        a.fail(
                            "--hmark-tuple: \""
                                + word
                                + "\" is none of "
                                + String.join(", ", TYPES)));
        given |= 1 << mask(type);
      }
    }

    private int mask(String type) {
      switch (type) {
        case "src" -> source = new Address(-1, -1);
        case "dst" -> destination = new Address(-1, -1);
        case "sport" -> portMask |= UPPER;
        case "dport" -> portMask |= LOWER;
        case "proto" -> protocolMask = 0xffff;
        case "spi" -> portMask = -1;
        default -> {
          return CONNTRACK;
        }
      }
      boolean address = type.equals("src") || type.equals("dst");
      return FIELDS.indexOf(type + (address ? "-prefix" : "-mask"));
    }

    HmarkTarget finish() {
      return new HmarkTarget(
          given, source, destination, portMask, portSet, protocolMask, random, modulus, offset);
    }
  }

  private boolean has(String field) {
    return (given & 1 << FIELDS.indexOf(field)) != 0;
  }

  @Override
  public void save(RuleWriter out) {
    prefix(out, "src-prefix", source);
    prefix(out, "dst-prefix", destination);
    option(out, "sport-mask", "0x%04x", portMask >>> 16);
    option(out, "dport-mask", "0x%04x", portMask & LOWER);
    option(out, "spi-mask", "0x%08x", portMask);
    option(out, "sport", "0x%04x", portSet >>> 16);
    option(out, "dport", "0x%04x", portSet & LOWER);
    option(out, "spi", "0x%08x", portSet);
    option(out, "proto-mask", "0x%02x", protocolMask);
    option(out, "rnd", "0x%08x", random);
    option(out, "mod", "%d", Integer.toUnsignedLong(modulus));
    option(out, "offset", "%d", Integer.toUnsignedLong(offset));
    if ((given & 1 << CONNTRACK) != 0) {
      out.option("hmark-tuple", "ct");
    }
  }

  private void prefix(RuleWriter out, String field, Address mask) {
    if (has(field)) {
      Family family = out.family();
      long lo = family == Family.IPV4 ? mask.lo() & 0xffffffffL : mask.lo();
      out.option("hmark-" + field, AddressText.prefixLength(family, mask.hi(), lo));
    }
  }

  private void option(RuleWriter out, String field, String format, Object value) {
    if (has(field)) {
      out.option("hmark-" + field, String.format(format, value));
    }
  }

  @Override
  public Action bind(Binding binding) {
    HmarkTuple tuple = new HmarkTuple(this);
    return (packet, evaluation) -> mark(tuple, packet);
  }

  private int mark(HmarkTuple tuple, Packet packet) {
    if (tuple.read(packet, (given & 1 << CONNTRACK) != 0)) {
      int hash = tuple.hash(random) ^ tuple.protocol() & protocolMask;
      packet.mark = Jhash.scale(hash, modulus) + offset;
    }
    return Verdict.CONTINUE;
  }
}
