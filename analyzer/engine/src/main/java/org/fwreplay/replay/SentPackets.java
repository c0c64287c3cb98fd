package org.fwreplay.replay;

import java.io.IOException;
import java.util.List;
import org.fwreplay.capture.CaptureReader;
import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.Captures;
import org.fwreplay.capture.ReaderKind;
import org.fwreplay.hook.Netfilter;
import org.fwreplay.hook.Sockets;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/** A first look through the host's own packets: the ports that it sends from are open. */
final class SentPackets {
  private static final int NEIGHBOUR_SOLICITATION = 135;

  private final FrameReader frames;
  private final ReaderKind reader;

  SentPackets(FrameReader frames, ReaderKind reader) {
    this.frames = frames;
    this.reader = reader;
  }

  /** Looks through all inputs of the host's own that can be read twice. */
  void learn(List<ReplayInput> inputs, Sockets sockets, Netfilter netfilter) throws IOException {
    CaptureRecord record = new CaptureRecord();
    Packet p = new Packet();
    for (ReplayInput input : inputs) {
      boolean rereadable = !input.capture().toString().equals(Captures.STANDARD_INPUT);
      if (!input.local() || !rereadable) {
        continue;
      }
      try (CaptureReader capture = Captures.open(input.capture(), reader)) {
        while (capture.next(record)) {
          if (frames.read(record, 0, p)) {
            learn(p, sockets, netfilter);
          }
        }
      }
    }
  }

  private static void learn(Packet p, Sockets sockets, Netfilter netfilter) {
    if (Decoder.decode(p, true) != Decoder.OK || p.fragmentOffset != 0 || p.transport + 2 > p.end) {
      return;
    }
    if (p.protocol == Protocols.ICMPV6 && p.u8(p.transport) == NEIGHBOUR_SOLICITATION) {
      netfilter.neighbourDiscoveryIsCaptured();
    } else if (p.protocol == Protocols.TCP) {
      sockets.openTcp(p.u16(p.transport));
    } else if (p.protocol == Protocols.UDP) {
      sockets.openUdp(p.u16(p.transport));
    }
  }
}
