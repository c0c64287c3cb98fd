package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.Validity;

/**
 * {@code -m realm}: tests the realms of the packet's route: that of the source in the upper 16
 * bits, that of the destination in the lower. xt_realm, libipt_realm.
 */
public record RealmMatch(Argument.Masked realm, boolean inverted) implements PacketMatch {
  private static final NameMap NAMES = new NameMap("cosmos");

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "realm";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV4);
    }

    @Override
    public String summary() {
      return "tests the realm of the route";
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.complementOf(EnumSet.of(Hook.PREROUTING));
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("realm", "value[/mask]").withInversion().required());
    }

    @Override
    public RealmMatch parse(Arguments arguments) {
      Argument realm = arguments.get("realm");
      return new RealmMatch(NAMES.parse(realm), realm.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return packet.realms == 0
        ? "no realm"
        : "realms " + (packet.realms >>> 16) + "/" + (packet.realms & 0xffff);
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    out.option("realm", inverted, NAMES.text(realm));
  }

  @Override
  public Matcher bind(Binding binding) {
    if (!binding.host().knowsRealms()) {
      return (packet, evaluation) -> evaluation.undecided(packet);
    }
    return (packet, evaluation) -> (realm.value() == (packet.realms & realm.mask())) != inverted;
  }
}
