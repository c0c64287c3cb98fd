package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m nfacct}: counts the packet in an accounting object, and matches unless that is below
 * its quota, which no dump tells. xt_nfacct, libxt_nfacct.
 */
public record NfacctMatch(String object) implements StatelessMatch {
  private static final int MAX_NAME = 31;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "nfacct";
    }

    @Override
    public String summary() {
      return "counts in an accounting object, tests its quota";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("nfacct-name", "name").required());
    }

    @Override
    public NfacctMatch parse(Arguments arguments) {
      Argument name = arguments.get("nfacct-name");
      if (name.text().isEmpty() || name.text().contains("\n")) {
        throw name.fail("--nfacct-name: an accounting object has a name of one line");
      }
      return new NfacctMatch(name.text().substring(0, Math.min(name.text().length(), MAX_NAME)));
    }
  }

  /** With two spaces, as there. */
  @Override
  public void save(RuleWriter out) {
    out.flag("nfacct-name").raw(" ").word(RuleWriter.quote(object));
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return evaluation.undecided(packet);
  }
}
