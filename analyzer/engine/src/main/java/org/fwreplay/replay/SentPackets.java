package org.fwreplay.replay;

import java.io.IOException;
import org.fwreplay.capture.CaptureReader;
import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.Captures;
import org.fwreplay.hook.Netfilter;
import org.fwreplay.hook.Sockets;
import org.fwreplay.host.Host;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;

/** A first look through the host's own packets: the ports that it sends from are open. */
final class SentPackets {
  private final FrameReader frames;
  private final ReplaySetup setup;
  private final Host host;

  SentPackets(FrameReader frames, ReplaySetup setup, Host host) {
    this.frames = frames;
    this.setup = setup;
    this.host = host;
  }

  /**
   * Looks through all inputs that can be read twice: the host's own; those that hold what left,
   * where no list of sockets is given.
   */
  void learn(Sockets sockets, Netfilter netfilter) throws IOException {
    Packet p = new Packet();
    for (ReplayInput input : setup.inputs) {
      boolean rereadable = !input.capture().toString().equals(Captures.STANDARD_INPUT);
      boolean mixed = setup.sockets == null && setup.holdsBothWays(input);
      if (input.local() && !rereadable) {
        netfilter.willSendAnything();
      }
      if (!input.local() && !mixed || !rereadable) {
        continue;
      }
      try (CaptureReader capture = Captures.open(input.capture(), setup.reader)) {
        CaptureRecord record;
        while ((record = capture.next()) != null) {
          boolean sent = mixed ? isFromHost(record, input, p) : frames.read(record, 0, p);
          if (sent && Decoder.decode(p, true) == Decoder.OK) {
            sockets.learn(p);
            if (input.local()) {
              netfilter.willSend(p);
            }
          }
        }
      }
    }
  }

  private boolean isFromHost(CaptureRecord record, ReplayInput input, Packet p) {
    String name = input.interfaceName();
    int at = name == null ? -1 : host.interfaceByName(name).id();
    return frames.readBothWays(record, at, p)
        && p.out >= 0
        && p.end - p.network >= (p.ipv6 ? Ipv6.LENGTH : Ipv4.MIN_LENGTH)
        && host.hasAddress(p.ipv6, p.sourceHi(), p.sourceLo());
  }
}
