package org.fwreplay.capture;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PcapReaderTest {
  private static final byte[] PACKET = {1, 2, 3, 4, 5};

  private static ByteOrder order(String name) {
    return name.equals("big") ? BIG_ENDIAN : LITTLE_ENDIAN;
  }

  @ParameterizedTest
  @ValueSource(strings = {"big", "little"})
  void readsMicrosecondsInBothByteOrders(String order) {
    CaptureBytes capture =
        CaptureBytes.pcap(order(order), CaptureBytes.MICROSECONDS, 101)
            .cutRecord(10, 999_999, 60, PACKET);

    CaptureRecord record = Seen.first(capture);

    assertThat(Seen.of(record)).isEqualTo(new Seen(10_999_999_000L, 60, 101, 0, "\1\2\3\4\5"));
    assertThat(record.timed).isTrue();
    assertThat(record.fileOffset).isEqualTo(24);
    assertThat(record.interfaceName).isNull();
    assertThat(record.packetType).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"big", "little"})
  void readsNanosecondsInBothByteOrders(String order) {
    CaptureBytes capture =
        CaptureBytes.pcap(order(order), CaptureBytes.NANOSECONDS, 1)
            .record(10, 999_999_999, PACKET);

    assertThat(Seen.first(capture).timeNs).isEqualTo(10_999_999_999L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"big", "little"})
  void readsTheLongerRecordHeadersOfTheModifiedFormat(String order) {
    CaptureBytes capture =
        CaptureBytes.pcap(order(order), CaptureBytes.MODIFIED, 1)
            .modifiedRecord(1, 2, 4, PACKET)
            .modifiedRecord(3, 4, 0, PACKET);
    CaptureReader reader = Seen.open(capture);

    assertThat(reader.next().packetType).isEqualTo(4);
    assertThat(Seen.of(reader.next())).isEqualTo(new Seen(3_000_004_000L, 5, 1, 0, "\1\2\3\4\5"));
    assertThat(reader.next()).isNull();
    assertThat(reader.problem()).isNull();
  }

  @Test
  void takesSecondsAsUnsigned() {
    CaptureBytes capture =
        CaptureBytes.pcap(LITTLE_ENDIAN, CaptureBytes.MICROSECONDS, 1)
            .record(0xffff_ffffL, 1, PACKET);

    assertThat(Seen.first(capture).timeNs).isEqualTo(4_294_967_295_000_001_000L);
  }

  @Test
  void ignoresTheFrameCheckSequenceBitsOfTheLinkType() {
    CaptureBytes capture =
        CaptureBytes.pcap(LITTLE_ENDIAN, CaptureBytes.MICROSECONDS, 0x24000001)
            .record(1, 1, PACKET);

    assertThat(Seen.first(capture).linkType).isEqualTo(LinkLayer.ETHERNET);
  }

  @Test
  void acceptsEmptyRecordsAndOnesAboveTheSnapLength() {
    byte[] jumbo = new byte[200_000];
    CaptureReader reader =
        Seen.open(
            CaptureBytes.pcap(LITTLE_ENDIAN, CaptureBytes.MICROSECONDS, 1)
                .record(1, 0)
                .record(2, 0, jumbo));

    assertThat(Seen.packets(reader)).extracting(String::length).containsExactly(0, 200_000);
    assertThat(reader.problem()).isNull();
  }

  @Test
  void neverSaysThatLessWasOnTheWireThanWasCaptured() {
    CaptureBytes capture =
        CaptureBytes.pcap(LITTLE_ENDIAN, CaptureBytes.MICROSECONDS, 1).cutRecord(1, 0, 2, PACKET);

    assertThat(Seen.first(capture).wireLength).isEqualTo(5);
  }

  @Test
  void leavesRecordsToBeOverwrittenInPlace() {
    CaptureReader reader =
        Seen.open(
            CaptureBytes.pcap(LITTLE_ENDIAN, CaptureBytes.MICROSECONDS, 1)
                .record(1, 0, PACKET)
                .record(2, 0, PACKET));
    CaptureRecord record = reader.next();
    java.util.Arrays.fill(record.buffer, record.offset, record.offset + record.length, (byte) 0xff);

    assertThat(Seen.of(reader.next())).isEqualTo(new Seen(2_000_000_000L, 5, 1, 0, "\1\2\3\4\5"));
  }

  @Test
  void countsPacketsAndBytesAndNamesTheFormat() {
    CaptureBytes capture =
        CaptureBytes.pcap(BIG_ENDIAN, CaptureBytes.NANOSECONDS, 1).record(1, 0, PACKET);
    CaptureReader reader = Seen.open(capture);
    Seen.all(reader);

    assertThat(reader.packets()).isEqualTo(1);
    assertThat(reader.bytesRead()).isEqualTo(capture.size());
    assertThat(reader.totalBytes()).isEqualTo(-1);
    assertThat(reader.format()).isEqualTo("pcap, nanoseconds, big-endian");
    assertThat(reader.interfaces()).containsExactly(new CaptureInterface(0, 1, 65535, null, null));
  }
}
