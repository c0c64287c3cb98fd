package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m mac}: tests the Ethernet source address. xt_mac, libxt_mac.
 *
 * @param source 48 bits
 */
public record MacMatch(long source, boolean inverted) implements StatelessMatch {
  private static final int ETHERNET_LENGTH = 14;
  private static final int ETHERNET_SOURCE = 6;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "mac";
    }

    @Override
    public String summary() {
      return "tests the Ethernet source address";
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("mac-source", "XX:XX:XX:XX:XX:XX").withInversion().required());
    }

    @Override
    public MacMatch parse(Arguments arguments) {
      Argument argument = arguments.get("mac-source");
      String text = argument.text();
      if (!text.matches("[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}")) {
        throw argument.fail(
            "--mac-source: \"" + text + "\" is not six hexadecimal bytes with colons between");
      }
      long source = 0;
      for (String part : text.split(":")) {
        source = source << 8 | Integer.parseInt(part, 16);
      }
      return new MacMatch(source, argument.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.mac(packet);
  }

  @Override
  public void save(RuleWriter out) {
    String hex = String.format("%012x", source);
    out.option("mac-source", inverted, hex.replaceAll("(..)(?=.)", "$1:"));
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    int at = packet.mac;
    if (at < 0 || packet.network - at < ETHERNET_LENGTH) {
      return false;
    }
    byte[] b = packet.buffer;
    long found =
        (long) Bytes.u16(b, at + ETHERNET_SOURCE) << 32 | Bytes.u32(b, at + ETHERNET_SOURCE + 2);
    return found == source != inverted;
  }
}
