package org.fwreplay.xt.match;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m string}: searches the packet, from its IP header on, for a pattern. xt_string,
 * libxt_string.
 *
 * @param pattern one char a byte
 * @param algorithm {@code bm} or {@code kmp}; both find the same
 * @param from where the search starts
 * @param to where the pattern must have ended
 * @param ignoreCase whether letters are compared without regard to case
 */
public record StringMatch(
    String pattern, String algorithm, int from, int to, boolean ignoreCase, boolean inverted)
    implements PacketMatch {

  private static final int MAX_PATTERN = 128;
  private static final int NO_END = 0xffff;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "string";
    }

    @Override
    public String summary() {
      return "searches the packet for a pattern";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("from", "offset"),
          Option.of("to", "offset"),
          Option.of("algo", "bm|kmp").required(),
          Option.of("string", "pattern").withInversion().excluding("pattern"),
          Option.of("hex-string", "pattern").withInversion().excluding("pattern"),
          Option.flag("icase"));
    }

    @Override
    public StringMatch parse(Arguments arguments) {
      boolean hex = arguments.has("hex-string");
      if (!hex && !arguments.has("string")) {
        throw arguments.fail("string needs \"--string\" or \"--hex-string\"");
      }
      Argument given = arguments.find(hex ? "hex-string" : "string");
      String bytes =
          new String(given.text().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      String pattern = hex ? HexPattern.parse(given, bytes) : bytes;
      if (pattern.isEmpty() || pattern.length() > MAX_PATTERN) {
        throw given.fail(
            "--"
                + given.option()
                + ": the pattern has "
                + pattern.length()
                + " bytes, 1 to "
                + MAX_PATTERN
                + " can be searched for");
      }
      Argument algorithm = arguments.get("algo");
      if (!algorithm.text().equals("bm") && !algorithm.text().equals("kmp")) {
        throw algorithm.fail("--algo: \"" + algorithm.text() + "\" is neither bm nor kmp");
      }
      int from = offset(arguments.find("from"), 0);
      int to = offset(arguments.find("to"), NO_END);
      if (from > to) {
        throw arguments.fail("string: --from " + from + " lies behind --to " + to);
      }
      return new StringMatch(
          pattern, algorithm.text(), from, to, arguments.has("icase"), given.inverted());
    }

    private static int offset(Argument argument, int absent) {
      return argument == null ? absent : (int) argument.unsigned(0, 0xffff);
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (HexPattern.isNeededFor(pattern)) {
      out.flag("hex-string", inverted).word(HexPattern.text(pattern));
    } else {
      String escaped = pattern.replace("\\", "\\\\").replace("\"", "\\\"");
      out.flag("string", inverted).word("\"" + escaped + "\"");
    }
    out.option("algo", algorithm);
    if (from != 0) {
      out.option("from", from);
    }
    if (to != NO_END) {
      out.option("to", to);
    }
    if (ignoreCase) {
      out.flag("icase");
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    byte[] fold = fold(ignoreCase);
    byte[] wanted = pattern.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = fold[wanted[i] & 255];
    }
    int[] skip = skips(wanted, fold);
    return (packet, evaluation) -> find(packet, wanted, fold, skip) != inverted;
  }

  private boolean find(Packet packet, byte[] wanted, byte[] fold, int[] skip) {
    byte[] b = packet.buffer;
    int last = wanted.length - 1;
    int end = Math.min(packet.end, packet.network + to);
    for (int i = packet.network + from + last; i < end; i += skip[b[i] & 255]) {
      int k = last;
      while (k >= 0 && fold[b[i - last + k] & 255] == wanted[k]) {
        k--;
      }
      if (k < 0) {
        return true;
      }
    }
    return false;
  }

  /** How far the pattern may be moved on (Horspool), by the byte under its last place. */
  private static int[] skips(byte[] wanted, byte[] fold) {
    int[] skip = new int[256];
    for (int c = 0; c < skip.length; c++) {
      int distance = 1;
      while (distance < wanted.length && wanted[wanted.length - 1 - distance] != fold[c]) {
        distance++;
      }
      skip[c] = distance;
    }
    return skip;
  }

  /** The kernel's {@code toupper}, which knows Latin-1, for every byte; or no change. */
  private static byte[] fold(boolean ignoreCase) {
    byte[] fold = new byte[256];
    for (int c = 0; c < fold.length; c++) {
      boolean lower = c >= 'a' && c <= 'z' || c >= 0xdf && c != 0xf7;
      fold[c] = (byte) (ignoreCase && lower ? c - 32 : c);
    }
    return fold;
  }
}
