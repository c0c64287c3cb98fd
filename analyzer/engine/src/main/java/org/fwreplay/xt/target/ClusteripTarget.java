package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j CLUSTERIP}: shares an address among the nodes of a cluster; gone from Linux. Which node
 * a packet is for hangs on which nodes the others are: it is undecided. libipt_CLUSTERIP.
 *
 * @param fresh whether the rule makes the cluster's address ({@code --new}); the others say nothing
 * @param hashMode sourceip and so on
 * @param mac the cluster's multicast link address, as it is saved
 * @param hashInit unsigned
 */
public record ClusteripTarget(
    boolean fresh, String hashMode, String mac, int totalNodes, int localNode, int hashInit)
    implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "CLUSTERIP";
    }

    @Override
    public String summary() {
      return "shares an address among the nodes of a cluster";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV4);
    }

    @Override
    public String removed() {
      return "current Linux has no CLUSTERIP any more; -m cluster took its place";
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.INPUT);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.flag("new"),
          Option.of("hashmode", "mode"),
          Option.of("clustermac", "mac"),
          Option.of("total-nodes", "number"),
          Option.of("local-node", "number"),
          Option.of("hash-init", "number"));
    }

    private static final int MAX_NODES = 16;
    private static final Set<String> MODES =
        Set.of("sourceip", "sourceip-sourceport", "sourceip-sourceport-destport");

    @Override
    public ClusteripTarget parse(Arguments arguments) {
      if (arguments.all().isEmpty()) {
        return new ClusteripTarget(false, "", "", 0, 0, 0);
      }
      for (String needed : new String[] {"new", "hashmode", "clustermac", "total-nodes"}) {
        arguments.get(needed);
      }
      Argument mode = arguments.get("hashmode");
      if (!MODES.contains(mode.text())) {
        throw mode.fail(
            "--hashmode: \"" + mode.text() + "\" is none of " + String.join(", ", sorted()));
      }
      Argument init = arguments.find("hash-init");
      return new ClusteripTarget(
          true,
          mode.text(),
          mac(arguments.get("clustermac")),
          (int) arguments.get("total-nodes").unsigned(0, MAX_NODES),
          (int) arguments.get("local-node").unsigned(0, MAX_NODES),
          init == null ? 0 : (int) init.unsigned(0, 0xffffffffL));
    }

    private static List<String> sorted() {
      return MODES.stream().sorted().toList();
    }

    private static String mac(Argument a) {
      if (!a.text().matches("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")) {
        throw a.fail("--clustermac: \"" + a.text() + "\" is not an Ethernet address");
      }
      if ((Integer.parseInt(a.text().substring(0, 2), 16) & 1) == 0) {
        throw a.fail("--clustermac: " + a.text() + " is not a multicast address");
      }
      return a.text().toUpperCase(Locale.ROOT);
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (fresh) {
      out.flag("new").option("hashmode", hashMode).option("clustermac", mac);
      out.option("total-nodes", totalNodes).option("local-node", localNode);
      out.option("hash-init", Integer.toUnsignedString(hashInit));
    }
  }

  @Override
  public String assumption() {
    return "CLUSTERIP: every packet is taken for one of this node";
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    evaluation.undecided(packet);
    return Verdict.CONTINUE;
  }
}
