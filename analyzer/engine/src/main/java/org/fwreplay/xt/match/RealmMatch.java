package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
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
 * {@code -m realm}: tests the realm of the packet's route; realms are not part of the routing here.
 * xt_realm, libipt_realm.
 */
public record RealmMatch(Argument.Masked realm, boolean inverted) implements StatelessMatch {
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
  public void save(RuleWriter out) {
    out.option("realm", inverted, NAMES.text(realm));
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return evaluation.undecided(packet);
  }
}
