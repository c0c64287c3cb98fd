package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m osf}: tells the sender's operating system from its SYN. xt_osf, nfnetlink_osf,
 * libxt_osf.
 *
 * <p>The fingerprints are those of the host's {@code pf.os}; without it the match cannot be
 * decided. Linux looks at the inversion no more than at the genre where {@code --log} is given.
 *
 * @param genre of operating systems, as the fingerprints name it
 * @param ttl how the TTL is compared: 0 to 2; -1 where it was not given
 * @param log what is logged: 0 to 2; -1 where it was not given
 */
public record OsfMatch(String genre, boolean inverted, int ttl, int log) implements PacketMatch {
  private static final int MAX_GENRE = 31;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "osf";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV4);
    }

    @Override
    public String summary() {
      return "tells the sender's operating system from its SYN";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.TCP);
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("genre", "name").withInversion().required(),
          Option.of("ttl", "0|1|2"),
          Option.of("log", "0|1|2"));
    }

    @Override
    public OsfMatch parse(Arguments arguments) {
      Argument genre = arguments.get("genre");
      return new OsfMatch(
          genre.text().substring(0, Math.min(genre.text().length(), MAX_GENRE)),
          genre.inverted(),
          level(arguments.find("ttl")),
          level(arguments.find("log")));
    }

    private static int level(Argument argument) {
      return argument == null ? -1 : (int) argument.unsigned(0, 2);
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("genre", inverted, genre);
    if (ttl >= 0) {
      out.option("ttl", ttl);
    }
    if (log >= 0) {
      out.option("log", log);
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    String text = binding.host().osFingerprints();
    if (text == null) {
      return (packet, evaluation) -> OsFingerprint.isSyn(packet) && evaluation.undecided(packet);
    }
    OsFingerprint[] all =
        OsFingerprint.read(text).stream()
            .filter(f -> log >= 0 || f.genre().equals(genre))
            .toArray(OsFingerprint[]::new);
    return (packet, evaluation) -> OsFingerprint.isSyn(packet) && matchesAny(packet, all);
  }

  private boolean matchesAny(Packet packet, OsFingerprint[] all) {
    for (OsFingerprint fingerprint : all) {
      if (fingerprint.matches(packet, Math.max(0, ttl))) {
        return true;
      }
    }
    return false;
  }
}
