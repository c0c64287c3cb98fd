package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
 * {@code -m cgroup}: tests the control group of the packet's socket. xt_cgroup, libxt_cgroup.
 *
 * <p>Packets that pass through have no socket and never match. What group the others belong to, a
 * capture does not tell.
 *
 * @param path of the group; null where a class id is asked for
 * @param classId of the group (net_cls)
 */
public record CgroupMatch(String path, long classId, boolean inverted) implements StatelessMatch {
  private static final int MAX_PATH = 511;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "cgroup";
    }

    @Override
    public String summary() {
      return "tests the control group of the socket";
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("path", "path").withInversion(),
          Option.of("cgroup", "classid").withInversion());
    }

    @Override
    public CgroupMatch parse(Arguments arguments) {
      if (arguments.all().size() != 1) {
        throw arguments.fail("cgroup needs either \"--path\" or \"--cgroup\"");
      }
      Argument given = arguments.all().get(0);
      if (given.option().equals("cgroup")) {
        return new CgroupMatch(null, given.unsigned(0, 0xffffffffL), given.inverted());
      }
      String path = given.text();
      return new CgroupMatch(
          path.substring(0, Math.min(path.length(), MAX_PATH)), 0, given.inverted());
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (path != null) {
      out.quoted("path", inverted, path);
    } else {
      out.option("cgroup", inverted, classId);
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    boolean passesThrough = !packet.local && evaluation.hook != Hook.INPUT;
    return !passesThrough && evaluation.undecided(packet);
  }
}
