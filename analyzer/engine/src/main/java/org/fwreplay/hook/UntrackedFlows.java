package org.fwreplay.hook;

import java.util.Arrays;
import org.fwreplay.packet.Packet;

/**
 * Flows that no connection holds, by addresses, protocol and ports: open addressing with linear
 * probing. When there are too many, all are forgotten. Of a first packet nothing but its hash is
 * kept, so that packets of which no second one comes cost little and drive nothing out.
 */
final class UntrackedFlows {
  private static final int MOST = 1 << 14;
  private static final int SLOTS = 2 * MOST;

  /** A direction of such a flow. */
  private static final class Flow extends KnownFlow {
    long sourceHi;
    long sourceLo;
    long destinationHi;
    long destinationLo;
    long ports;
  }

  private final Flow[] slots = new Flow[SLOTS];

  /** By the upper bits of hashes: the lower ones of the packet that came last. */
  private final int[] seen = new int[SLOTS];

  /** Those in use, and behind them those that were. */
  private final Flow[] flows = new Flow[MOST];

  private int count;

  /**
   * The flow of a packet with ports.
   *
   * @return null where this is its first packet, for all that is known
   */
  KnownFlow find(Packet p) {
    long sourceHi = p.sourceHi();
    long sourceLo = p.sourceLo();
    long destinationHi = p.destinationHi();
    long destinationLo = p.destinationLo();
    long kind = (p.ipv6 ? 1L << 40 : 0) | (long) p.protocol << 32;
    long ports = kind | p.u32(p.transport);
    long h = sourceLo * 0x9e3779b97f4a7c15L + destinationLo * 0xc2b2ae3d27d4eb4fL;
    h = (h ^ h >>> 32 ^ ports ^ sourceHi * 31 + destinationHi) * 0x9e3779b97f4a7c15L;
    int place = (int) (h >>> 48) & SLOTS - 1;
    int at = place;
    Flow flow;
    while ((flow = slots[at]) != null) {
      if (flow.sourceLo == sourceLo
          && flow.destinationLo == destinationLo
          && flow.ports == ports
          && flow.sourceHi == sourceHi
          && flow.destinationHi == destinationHi) {
        return flow;
      }
      at = at + 1 & SLOTS - 1;
    }
    if (seen[place] != (int) h) {
      seen[place] = (int) h;
      return null;
    }
    flow = add(at);
    flow.sourceHi = sourceHi;
    flow.sourceLo = sourceLo;
    flow.destinationHi = destinationHi;
    flow.destinationLo = destinationLo;
    flow.ports = ports;
    return flow;
  }

  private Flow add(int free) {
    if (count == MOST) {
      Arrays.fill(slots, null);
      count = 0;
    }
    if (flows[count] == null) {
      flows[count] = new Flow();
    }
    Flow flow = flows[count++];
    flow.forget();
    slots[free] = flow;
    return flow;
  }
}
