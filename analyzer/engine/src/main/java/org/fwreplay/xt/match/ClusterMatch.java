package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Jhash;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m cluster}: shares connections among the nodes of a cluster by a hash of their source.
 * xt_cluster, libxt_cluster.
 *
 * @param nodes how many there are
 * @param mask bits of this node's numbers
 * @param seed of the hash
 */
public record ClusterMatch(int nodes, int mask, int seed, boolean inverted)
    implements StatelessMatch {

  private static final int MAX_NODES = 32;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "cluster";
    }

    @Override
    public String summary() {
      return "shares connections among the nodes of a cluster";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("cluster-total-nodes", "number").required(),
          Option.of("cluster-local-node", "number").withInversion().excluding("node"),
          Option.of("cluster-local-nodemask", "mask").withInversion().excluding("node"),
          Option.of("cluster-hash-seed", "number").required());
    }

    @Override
    public ClusterMatch parse(Arguments arguments) {
      int nodes = (int) arguments.get("cluster-total-nodes").unsigned(1, MAX_NODES);
      Argument node = arguments.find("cluster-local-node");
      Argument mask = arguments.find("cluster-local-nodemask");
      if (node == null && mask == null) {
        throw arguments.fail(
            "cluster needs \"--cluster-local-node\" or \"--cluster-local-nodemask\"");
      }
      Argument given = node != null ? node : mask;
      // iptables takes no mask above 32 though it saves greater ones; these are taken here.
      long number = given.unsigned(1, node != null ? MAX_NODES : 0xffffffffL);
      long bits = node != null ? 1L << number - 1 : number;
      if (bits >= 1L << nodes) {
        throw given.fail("--" + given.option() + ": there are only " + nodes + " nodes");
      }
      int seed = (int) arguments.get("cluster-hash-seed").unsigned(0, 0xffffffffL);
      return new ClusterMatch(nodes, (int) bits, seed, given.inverted());
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("cluster-local-nodemask", inverted, String.format("0x%08x", mask));
    out.option("cluster-total-nodes", nodes);
    out.option("cluster-hash-seed", String.format("0x%08x", seed));
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    boolean toGroup =
        packet.ipv6 ? packet.destinationHi() >>> 56 == 0xff : packet.destinationLo() >>> 28 == 0xe;
    if (!toGroup && packet.type == Packet.MULTICAST) {
      // Nodes that share a multicast link address are meant all the same.
      packet.type = Packet.TO_HOST;
    }
    Connection connection = Connection.of(packet);
    if (connection == null) {
      return false;
    }
    Connection by = connection.master == null ? connection : connection.master;
    long hash = hash(by.original) & 0xffffffffL;
    return (mask & 1 << (int) (hash * nodes >>> 32)) != 0 != inverted;
  }

  /**
   * The kernel hashes the address as a word in the processor's byte order, here little-endian; of
   * an IPv6 address the first word only.
   */
  private int hash(Tuple tuple) {
    int word = (int) (tuple.ipv6 ? tuple.sourceHi >>> 32 : tuple.sourceLo);
    return Jhash.word(Integer.reverseBytes(word), seed);
  }
}
