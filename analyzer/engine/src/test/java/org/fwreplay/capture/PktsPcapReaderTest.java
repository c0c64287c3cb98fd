package org.fwreplay.capture;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.pkts.Pcap;
import io.pkts.packet.PCapPacket;
import io.pkts.protocol.Protocol;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** pkts.io as the oracle of our own framing, and as the framing itself. */
class PktsPcapReaderTest {
  @TempDir private Path directory;

  private CaptureReader withPkts(CaptureBytes capture) throws IOException {
    Path file = directory.resolve("capture");
    Files.write(file, capture.bytes());
    return Captures.open(file, ReaderKind.PKTS);
  }

  /** Whole and cut records up to 2038, none of them empty: what pkts.io can read. */
  private static CaptureBytes random(Random random, ByteOrder order, int magic) {
    CaptureBytes capture = CaptureBytes.pcap(order, magic, 1);
    int units = magic == CaptureBytes.NANOSECONDS ? 1_000_000_000 : 1_000_000;
    for (int records = random.nextInt(400); records > 0; records--) {
      byte[] packet = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 9000 : 120)];
      random.nextBytes(packet);
      int wireLength = packet.length + (random.nextBoolean() ? 0 : random.nextInt(2000));
      capture.cutRecord(
          random.nextInt(Integer.MAX_VALUE), random.nextInt(units), wireLength, packet);
    }
    return capture;
  }

  private static List<Seen> readByPktsAlone(CaptureBytes capture, int timeUnitNs)
      throws IOException {
    List<Seen> seen = new ArrayList<>();
    Pcap pcap = Pcap.openStream(new ByteArrayInputStream(capture.bytes()));
    pcap.loop(
        packet -> {
          PCapPacket record = (PCapPacket) packet.getPacket(Protocol.PCAP);
          String bytes = new String(record.getPayload().getArray(), ISO_8859_1);
          seen.add(
              new Seen(
                  record.getArrivalTime() * timeUnitNs,
                  (int) record.getTotalLength(),
                  1,
                  0,
                  bytes));
          return true;
        });
    return seen;
  }

  @Test
  void ourOwnFramingAgreesWithPkts() throws IOException {
    long seed = 99;
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      boolean nanoseconds = random.nextBoolean();
      int magic = nanoseconds ? CaptureBytes.NANOSECONDS : CaptureBytes.MICROSECONDS;
      CaptureBytes capture =
          random(random, random.nextBoolean() ? BIG_ENDIAN : LITTLE_ENDIAN, magic);
      String what = "seed " + seed + " round " + round;

      List<Seen> own = Seen.all(Seen.open(capture));
      assertThat(own).as(what).isEqualTo(readByPktsAlone(capture, nanoseconds ? 1 : 1000));
      assertThat(Seen.all(withPkts(capture))).as(what).isEqualTo(own);
    }
  }

  @Test
  void readsWhatPktsAloneCannot() throws IOException {
    CaptureBytes capture =
        CaptureBytes.pcap(LITTLE_ENDIAN, CaptureBytes.NANOSECONDS, 1)
            .record(4_000_000_000L, 5, (byte) 1)
            .record(1, 2)
            .cutRecord(3, 4, 1, (byte) 1, (byte) 2)
            .cutRecord(3, 4, -1, (byte) 1, (byte) 2)
            .record(5, 6, new byte[300_000]);

    List<Seen> seen = Seen.all(withPkts(capture));

    assertThat(seen).hasSize(5).isEqualTo(Seen.all(Seen.open(capture)));
  }

  @Test
  void tellsDamageAsOurOwnDoes() throws IOException {
    CaptureBytes capture =
        CaptureBytes.pcap(LITTLE_ENDIAN, CaptureBytes.MICROSECONDS, 1)
            .record(1, 2, (byte) 1)
            .u32(1)
            .u32(1)
            .u32(60)
            .u32(60)
            .raw(new byte[59]);
    CaptureReader reader = withPkts(capture);

    assertThat(Seen.all(reader)).hasSize(1);
    assertThat(reader.problem().byteOffset()).isEqualTo(41);
    assertThat(reader.problem().message()).startsWith("record of 60 captured bytes cut off");
  }

  @Test
  void leavesTheModifiedFormatAndPcapngToOurOwn() throws IOException {
    byte[] packet = {1};
    CaptureBytes modified =
        CaptureBytes.pcap(BIG_ENDIAN, CaptureBytes.MODIFIED, 1).modifiedRecord(1, 2, 0, packet);
    CaptureBytes next = CaptureBytes.pcapng(BIG_ENDIAN).interfaceBlock(1, 0).enhanced(0, 0, packet);

    assertThat(Seen.all(withPkts(modified))).hasSize(1);
    assertThat(Seen.all(withPkts(next))).hasSize(1);
  }
}
