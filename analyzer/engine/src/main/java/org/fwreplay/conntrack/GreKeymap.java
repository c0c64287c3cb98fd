package org.fwreplay.conntrack;

import java.util.ArrayList;
import java.util.List;

/**
 * Source keys of PPTP's GRE packets, which carry the receiver's only: what the control connection
 * told. nf_conntrack_proto_gre.
 */
public final class GreKeymap {
  private final List<Tuple> tuples = new ArrayList<>();

  /** Notes a tuple; it is kept as it is. */
  public void add(Tuple tuple) {
    tuples.add(tuple);
  }

  /** Forgets a tuple that was added. */
  public void remove(Tuple tuple) {
    tuples.removeIf(t -> t == tuple);
  }

  /** The key of the sender of a packet with this tuple; 0 where nobody told. */
  int lookup(Tuple t) {
    for (int i = 0; i < tuples.size(); i++) {
      if (matches(tuples.get(i), t)) {
        return tuples.get(i).sourcePort;
      }
    }
    return 0;
  }

  /** Whether packets of the two are the same but for the source key. */
  public static boolean matches(Tuple a, Tuple b) {
    return a.sourceLo == b.sourceLo
        && a.destinationLo == b.destinationLo
        && a.destinationPort == b.destinationPort
        && a.sourceHi == b.sourceHi
        && a.destinationHi == b.destinationHi
        && a.ipv6 == b.ipv6;
  }
}
