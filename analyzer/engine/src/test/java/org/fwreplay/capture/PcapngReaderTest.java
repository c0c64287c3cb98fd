package org.fwreplay.capture;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PcapngReaderTest {
  private static final byte[] PACKET = {1, 2, 3, 4, 5};
  private static final String PACKET_TEXT = "\1\2\3\4\5";
  private static final CaptureBytes LITTLE = CaptureBytes.in(LITTLE_ENDIAN);

  static Stream<ByteOrder> orders() {
    return Stream.of(BIG_ENDIAN, LITTLE_ENDIAN);
  }

  private static CaptureBytes little() {
    return CaptureBytes.in(LITTLE_ENDIAN);
  }

  private static CaptureBytes name(String name) {
    return LITTLE.option(2, name);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void readsEnhancedPacketsOfSeveralInterfaces(ByteOrder order) {
    CaptureBytes make = CaptureBytes.in(order);
    CaptureReader reader =
        Seen.open(
            CaptureBytes.pcapng(order)
                .interfaceBlock(1, 0, make.option(2, "eth0"), make.option(3, "uplink"))
                .interfaceBlock(113, 96, make.option(2, "any"))
                .enhanced(1, 1_700_000_000_123_456L, PACKET)
                .enhanced(0, 7, PACKET));

    assertThat(Seen.all(reader))
        .containsExactly(
            new Seen(1_700_000_000_123_456_000L, 5, 113, 1, PACKET_TEXT),
            new Seen(7000, 5, 1, 0, PACKET_TEXT));
    assertThat(reader.problem()).isNull();
    assertThat(reader.interfaces())
        .containsExactly(
            new CaptureInterface(0, 1, 0, "eth0", "uplink"),
            new CaptureInterface(1, 113, 96, "any", null));
  }

  @Test
  void givesTheNameOfTheInterfaceWithTheRecord() {
    CaptureRecord record =
        Seen.first(
            CaptureBytes.pcapng(LITTLE_ENDIAN)
                .interfaceBlock(1, 0, name("wan0"))
                .enhanced(0, 0, PACKET));

    assertThat(record.interfaceName).isEqualTo("wan0");
  }

  @Test
  void countsTimeAsTheInterfaceSays() {
    CaptureBytes nanoseconds = LITTLE.option(9, little().u8(9));
    CaptureBytes binary = LITTLE.option(9, little().u8(0x80 | 10));
    CaptureBytes later = LITTLE.option(14, little().u64(100));
    CaptureBytes earlier = LITTLE.option(14, little().u64(-2));
    CaptureReader reader =
        Seen.open(
            CaptureBytes.pcapng(LITTLE_ENDIAN)
                .interfaceBlock(1, 0, nanoseconds)
                .interfaceBlock(1, 0, binary)
                .interfaceBlock(1, 0, later)
                .interfaceBlock(1, 0, earlier, nanoseconds)
                .enhanced(0, 5_000_000_001L, PACKET)
                .enhanced(1, 1024 + 512, PACKET)
                .enhanced(2, 1, PACKET)
                .enhanced(3, 5_000_000_001L, PACKET));

    assertThat(Seen.all(reader))
        .extracting(Seen::timeNs)
        .containsExactly(5_000_000_001L, 1_500_000_000L, 100_000_001_000L, 3_000_000_001L);
  }

  @Test
  void cutsSimplePacketsAtTheSnapLengthAndGivesThemTheTimeBefore() {
    CaptureReader reader =
        Seen.open(
            CaptureBytes.pcapng(LITTLE_ENDIAN)
                .interfaceBlock(1, 3)
                .enhanced(0, 9, PACKET)
                .simple(60, (byte) 7, (byte) 8, (byte) 9)
                .simple(2, (byte) 7, (byte) 8));
    reader.next();

    CaptureRecord record = reader.next();
    assertThat(record.timed).isFalse();
    assertThat(Seen.of(record)).isEqualTo(new Seen(9000, 60, 1, 0, "\7\10\11"));
    assertThat(Seen.of(reader.next())).isEqualTo(new Seen(9000, 2, 1, 0, "\7\10"));
    assertThat(reader.next()).isNull();
    assertThat(reader.problem()).isNull();
  }

  @ParameterizedTest
  @MethodSource("orders")
  void readsTheObsoletePacketBlock(ByteOrder order) {
    CaptureReader reader =
        Seen.open(
            CaptureBytes.pcapng(order)
                .interfaceBlock(1, 0)
                .interfaceBlock(101, 0)
                .obsolete(1, 1L << 33, PACKET));

    assertThat(Seen.all(reader))
        .containsExactly(new Seen((1L << 33) * 1000, 5, 101, 1, PACKET_TEXT));
  }

  @Test
  void joinsTheCommentsOfAPacketAndReadsItsDirection() {
    CaptureBytes outbound = LITTLE.option(2, little().u32(2));
    CaptureRecord record =
        Seen.first(
            CaptureBytes.pcapng(LITTLE_ENDIAN)
                .interfaceBlock(1, 0)
                .enhanced(
                    0, 0, PACKET, LITTLE.option(1, "first"), outbound, LITTLE.option(1, "second")));

    assertThat(record.comment).isEqualTo("first\nsecond");
    assertThat(record.packetType).isEqualTo(4);
  }

  @Test
  void doesNotKeepTheCommentOfThePacketBefore() {
    CaptureReader reader =
        Seen.open(
            CaptureBytes.pcapng(LITTLE_ENDIAN)
                .interfaceBlock(1, 0)
                .enhanced(0, 0, PACKET, LITTLE.option(1, "first"))
                .enhanced(0, 0, PACKET));
    reader.next();

    assertThat(reader.next().comment).isNull();
  }

  @Test
  void passesOverOtherBlocksHoweverLong() {
    CaptureReader reader =
        Seen.open(
            CaptureBytes.pcapng(LITTLE_ENDIAN)
                .block(0x0bad, little().raw(new byte[3_000_000]))
                .interfaceBlock(1, 0)
                .block(5, little().u32(0).u64(0))
                .enhanced(0, 1, PACKET));

    assertThat(Seen.packets(reader)).containsExactly(PACKET_TEXT);
    assertThat(reader.problem()).isNull();
  }

  @Test
  void startsAnewWithEverySectionInItsOwnByteOrder() {
    CaptureBytes big = CaptureBytes.in(BIG_ENDIAN);
    CaptureReader reader =
        Seen.open(
            CaptureBytes.pcapng(LITTLE_ENDIAN)
                .interfaceBlock(1, 0, name("eth0"))
                .enhanced(0, 1, PACKET)
                .raw(
                    CaptureBytes.pcapng(BIG_ENDIAN)
                        .interfaceBlock(101, 0, big.option(2, "tun0"))
                        .enhanced(0, 2, PACKET)));

    assertThat(Seen.all(reader))
        .containsExactly(
            new Seen(1000, 5, 1, 0, PACKET_TEXT), new Seen(2000, 5, 101, 1, PACKET_TEXT));
    assertThat(reader.interfaces())
        .extracting(CaptureInterface::name)
        .containsExactly("eth0", "tun0");
  }

  @Test
  void ignoresAnOptionThatReachesOverItsBlock() {
    CaptureBytes lying = little().u16(1).u16(4000).raw(new byte[4]);
    CaptureRecord record =
        Seen.first(
            CaptureBytes.pcapng(LITTLE_ENDIAN).interfaceBlock(1, 0).enhanced(0, 0, PACKET, lying));

    assertThat(record.comment).isNull();
  }
}
