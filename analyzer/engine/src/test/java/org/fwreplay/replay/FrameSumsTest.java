package org.fwreplay.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.LinkLayer;
import org.fwreplay.capture.PcapWriter;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Udp;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.xt.Extensions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameSumsTest {
  @TempDir private Path folder;

  private static CaptureRecord checked(Packet p) {
    CaptureRecord record = new CaptureRecord();
    record.buffer = p.buffer;
    record.length = p.end;
    record.wireLength = p.end;
    record.linkType = LinkLayer.ETHERNET;
    new FrameSums().check(record);
    return record;
  }

  private static Packets datagram() {
    return Packets.udp("192.0.2.1:1000", "198.51.100.7:53").payload("question");
  }

  @Test
  void rightSumsAreTold() {
    for (Packets each :
        List.of(
            datagram(),
            Packets.tcp("192.0.2.1:1000", "198.51.100.7:80").payload("odd"),
            Packets.udp("[2001:db8::1]:1000", "[2001:db8::2]:53"),
            Packets.tcp("[2001:db8::1]:1000", "[2001:db8::2]:80"))) {
      CaptureRecord record = checked(each.build());
      assertThat(record.networkSumGood).isTrue();
      assertThat(record.transportSumGood).isTrue();
    }
  }

  @Test
  void oneWrongBitIsNotRight() {
    Packet p = datagram().build();
    for (int bit = p.network * 8; bit < p.end * 8; bit++) {
      p.buffer[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(checked(p).transportSumGood).as("bit %d", bit).isFalse();
      p.buffer[bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertThat(checked(p).transportSumGood).isTrue();
  }

  @Test
  void allElseIsLeftToOthers() {
    Packet unsummed = datagram().build();
    Bytes.put16(unsummed.buffer, unsummed.transport + Udp.CHECKSUM, 0);
    for (Packet each :
        List.of(
            unsummed,
            datagram().fragment(0, true).build(),
            Packets.icmp("192.0.2.1", "198.51.100.7", 8, 0).build())) {
      assertThat(checked(each).networkSumGood).isTrue();
      assertThat(checked(each).transportSumGood).isFalse();
    }
  }

  // -- beside a run that sums by itself ----------------------------------------------------------

  private static List<byte[]> frames() {
    SplittableRandom random = new SplittableRandom(11);
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      String from = "192.0.2.1:" + (1000 + random.nextInt(50));
      Packets made =
          random.nextBoolean()
              ? Packets.udp(from, "198.51.100.7:53")
              : Packets.tcp(from, "198.51.100.7:80").flags(random.nextInt(64));
      Packet p = made.payload(new byte[300]).build();
      if (random.nextInt(4) == 0) {
        p.buffer[random.nextInt(p.network, p.end)] ^= (byte) (1 << random.nextInt(8));
      }
      byte[] frame = new byte[p.end];
      System.arraycopy(p.buffer, 0, frame, 0, frame.length);
      frames.add(frame);
    }
    return frames;
  }

  private List<Long> counters(Path capture) throws IOException {
    String rules =
        """
        *filter
        :INPUT ACCEPT
        :FORWARD ACCEPT
        :OUTPUT ACCEPT
        -A FORWARD -m conntrack --ctstate INVALID -j DROP
        -A FORWARD -m conntrack --ctstate NEW
        -A FORWARD -m conntrack --ctstate ESTABLISHED
        -A FORWARD -j ACCEPT
        COMMIT
        """;
    ReplayRun run =
        ReplayRun.builder()
            .rules4(RulesetParser.parse(Family.IPV4, "rules", rules, Extensions.load()).ruleset())
            .input(ReplayInput.somewhere(capture))
            .build()
            .run();
    BoundRuleset bound = run.rules4();
    List<Long> counters = new ArrayList<>();
    for (int place = 0; place < bound.placeCount(); place++) {
      counters.add(bound.packets(place));
      counters.add(bound.bytes(place));
    }
    return counters;
  }

  @Test
  void aRunThatReadsAheadGivesWhatOneThatDoesNotGives() throws IOException {
    Path large = folder.resolve("large.pcap");
    try (PcapWriter writer = new PcapWriter(large, LinkLayer.ETHERNET)) {
      long time = 0;
      for (byte[] frame : frames()) {
        writer.write(time += 1_000_000, frame, 0, frame.length);
      }
      writer.commit();
    }
    Path small = folder.resolve("small.pcap.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(small))) {
      Files.copy(large, out);
    }
    assertThat(Files.size(large)).as("read ahead").isGreaterThan(1 << 20);
    assertThat(Files.size(small)).as("read in place").isLessThan(1 << 20);

    List<Long> counters = counters(large);

    assertThat(counters).isEqualTo(counters(small));
    assertThat(counters.get(0)).as("invalid packets").isGreaterThan(500);
  }
}
