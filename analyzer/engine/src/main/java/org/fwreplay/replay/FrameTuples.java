package org.fwreplay.replay;

import org.fwreplay.conntrack.Tuple;
import org.fwreplay.conntrack.TupleReader;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Packet;

/** The addresses and ports of frames as they come in, before anything looked at them. */
public final class FrameTuples {
  private final Packet copy = new Packet();

  /**
   * Reads them.
   *
   * @return the frame decoded, valid until the next call; null where it is no sound IP packet
   */
  public Packet read(Packet frame, Tuple into) {
    copy.copyFrom(frame);
    if (copy.end <= copy.network || Decoder.decode(copy, true) != Decoder.OK) {
      return null;
    }
    into.zone = 0;
    if (!TupleReader.read(copy, into)) {
      into.ipv6 = copy.ipv6;
      into.protocol = copy.protocol;
      into.sourceHi = copy.sourceHi();
      into.sourceLo = copy.sourceLo();
      into.destinationHi = copy.destinationHi();
      into.destinationLo = copy.destinationLo();
      into.sourcePort = 0;
      into.destinationPort = 0;
    }
    return copy;
  }
}
