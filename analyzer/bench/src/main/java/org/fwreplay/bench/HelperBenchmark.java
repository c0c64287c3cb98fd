package org.fwreplay.bench;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackSettings;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.helper.HelperContext;
import org.fwreplay.helper.Helpers;
import org.fwreplay.host.Host;
import org.fwreplay.nat.Nat;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.PacketBuilder;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What helpers cost: packets of connections that have none, without any helper registered and with
 * all of them; and a SIP message that its helper reads.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class HelperBenchmark {
  private static final int SIP = 5060;
  private static final byte[] INVITE =
      String.join(
              "\r\n",
              "INVITE sip:far@198.51.100.61:5060 SIP/2.0",
              "Via: SIP/2.0/UDP 192.168.1.10:5060;branch=z9hG4bK-1",
              "From: near <sip:near@192.168.1.10:5060>;tag=1",
              "To: far <sip:far@198.51.100.61:5060>",
              "Call-ID: 1-1@192.168.1.10",
              "CSeq: 1 INVITE",
              "Contact: <sip:near@192.168.1.10:5060>",
              "Max-Forwards: 70",
              "Content-Type: application/sdp",
              "Content-Length: 135",
              "",
              "v=0",
              "o=user1 53655765 2353687637 IN IP4 192.168.1.10",
              "s=-",
              "c=IN IP4 192.168.1.10",
              "t=0 0",
              "m=audio 6000 RTP/AVP 0",
              "a=rtpmap:0 PCMU/8000",
              "")
          .getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final Traffic traffic = new Traffic(2000);
  private final Conntrack none = conntrack(false);
  private final Conntrack all = conntrack(true);
  private final Conntrack sip = conntrack(true);
  private final Connection template = new Connection();
  private final byte[] invite = invite();
  private final byte[] buffer = new byte[Packet.HEADROOM + 4096];
  private final Packet packet = new Packet();
  private long nowNs = 1_700_000_000_000_000_000L;

  private static Conntrack conntrack(boolean helpers) {
    Conntrack conntrack = new Conntrack(new ConntrackSettings((name, dflt) -> dflt), 7);
    if (helpers) {
      SplittableRandom random = new SplittableRandom(7);
      Host host = Host.builder().build();
      Nat nat = new Nat(conntrack, random);
      Helpers.register(new HelperContext(conntrack, nat, host, host.newRouter(), random));
    }
    return conntrack;
  }

  private byte[] invite() {
    template.status = Connection.TEMPLATE | Connection.CONFIRMED;
    template.helper = "sip";
    Packet p = new Packet();
    int length = Udp.LENGTH + INVITE.length;
    PacketBuilder.ipv4(p, 0, 1, false, 64, Protocols.UDP, 0xc0a8010aL, 0xc633643dL, length);
    int at = p.network + 20;
    Bytes.put16(p.buffer, at, SIP);
    Bytes.put16(p.buffer, at + 2, SIP);
    Bytes.put16(p.buffer, at + Udp.UDP_LENGTH, length);
    System.arraycopy(INVITE, 0, p.buffer, at + Udp.LENGTH, INVITE.length);
    p.transport = at;
    PacketBuilder.transportChecksum(p, Udp.CHECKSUM);
    return Arrays.copyOfRange(p.buffer, p.network, p.end);
  }

  private static int track(Conntrack conntrack, Packet p) {
    Decoder.decode(p, false);
    conntrack.advance(p.timeNs);
    conntrack.in(p, Hook.PREROUTING);
    int verdict = conntrack.confirm(p);
    conntrack.endFrame(false);
    return verdict;
  }

  /** No helper is registered. */
  @Benchmark
  public int noHelpers() {
    return track(none, traffic.next());
  }

  /** All helpers are registered, no connection has one. */
  @Benchmark
  public int noneAssigned() {
    return track(all, traffic.next());
  }

  /** An INVITE with a session description, whose media are expected already. */
  @Benchmark
  public int sipInvite() {
    System.arraycopy(invite, 0, buffer, Packet.HEADROOM, invite.length);
    packet.reset();
    packet.buffer = buffer;
    packet.network = Packet.HEADROOM;
    packet.end = Packet.HEADROOM + invite.length;
    packet.mac = -1;
    packet.in = 0;
    packet.timeNs = nowNs += 1_000;
    packet.tracked = template;
    packet.trackInfo = CtInfo.NEW;
    return track(sip, packet);
  }
}
