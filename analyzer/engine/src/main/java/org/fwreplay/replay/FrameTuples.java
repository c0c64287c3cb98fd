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
    TupleReader.readAny(copy, into);
    return copy;
  }
}
