package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.fwreplay.packet.Family;
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
 * {@code -m mh}: tests the type of Mobile IPv6's mobility header (RFC 6275 section 6.1). ip6t_mh,
 * libip6t_mh.
 *
 * @param low first type
 * @param high last type
 */
public record MhMatch(int low, int high, boolean inverted) implements StatelessMatch {
  private static final int MAX = 255;
  private static final int HEADER_LENGTH = 6;
  private static final int TYPE = 2;

  private record Named(String name, int type) {}

  /** Each type's name, and its short one. */
  private static final List<Named> NAMES =
      List.of(
          new Named("binding-refresh-request", 0),
          new Named("brr", 0),
          new Named("home-test-init", 1),
          new Named("hoti", 1),
          new Named("careof-test-init", 2),
          new Named("coti", 2),
          new Named("home-test", 3),
          new Named("hot", 3),
          new Named("careof-test", 4),
          new Named("cot", 4),
          new Named("binding-update", 5),
          new Named("bu", 5),
          new Named("binding-acknowledgement", 6),
          new Named("ba", 6),
          new Named("binding-error", 7),
          new Named("be", 7));

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "mh";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV6);
    }

    @Override
    public String summary() {
      return "tests the type of the mobility header";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.MH);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("mh-type", "type[:type]").withInversion());
    }

    @Override
    public MhMatch parse(Arguments arguments) {
      Argument argument = arguments.find("mh-type");
      if (argument == null) {
        return new MhMatch(0, MAX, false);
      }
      String text = argument.text();
      int cut = text.indexOf(':');
      if (cut < 0) {
        int only = type(argument, text);
        return new MhMatch(only, only, argument.inverted());
      }
      int low = cut == 0 ? 0 : type(argument, text.substring(0, cut));
      int high = cut == text.length() - 1 ? MAX : type(argument, text.substring(cut + 1));
      if (low > high) {
        throw argument.fail("--mh-type: " + text + " is a range that ends before it starts");
      }
      return new MhMatch(low, high, argument.inverted());
    }

    /** A type by name, by how a name begins (the first such counts), or by number. */
    private static int type(Argument argument, String word) {
      String wanted = word.toLowerCase(Locale.ROOT);
      Named found = null;
      for (Named named : NAMES) {
        boolean begins = named.name.startsWith(wanted);
        if (begins && (found == null || named.name.equals(wanted))) {
          found = named;
        }
      }
      return found != null ? found.type : (int) argument.number(word, 0, MAX);
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (low != 0 || high != MAX || inverted) {
      out.option("mh-type", inverted, low == high ? String.valueOf(low) : low + ":" + high);
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    if (evaluation.fragmentOffset != 0) {
      return false;
    }
    int at = evaluation.transport;
    // Nothing may follow a mobility header.
    if (!packet.has(at, HEADER_LENGTH) || packet.u8(at) != Protocols.NONE) {
      evaluation.hotDrop = true;
      return false;
    }
    int type = packet.u8(at + TYPE);
    return (type >= low && type <= high) != inverted;
  }
}
