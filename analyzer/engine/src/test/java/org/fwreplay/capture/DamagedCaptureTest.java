package org.fwreplay.capture;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What came before the damage counts; the problem says where it is. */
class DamagedCaptureTest {
  private static final byte[] PACKET = {1, 2, 3, 4, 5};
  private static final int SECOND_RECORD = 24 + 16 + PACKET.length;

  private static CaptureBytes pcap() {
    return CaptureBytes.pcap(LITTLE_ENDIAN, CaptureBytes.MICROSECONDS, 1).record(1, 0, PACKET);
  }

  private static CaptureBytes pcapng() {
    return CaptureBytes.pcapng(LITTLE_ENDIAN).interfaceBlock(1, 0).enhanced(0, 1, PACKET);
  }

  private static CaptureBytes little() {
    return CaptureBytes.in(LITTLE_ENDIAN);
  }

  private static void endsAfterOnePacket(CaptureBytes capture, long offset, String message) {
    CaptureReader reader = Seen.open(capture);
    assertThat(Seen.packets(reader)).containsExactly("\1\2\3\4\5");
    assertThat(reader.problem()).isEqualTo(new CaptureProblem("test.pcap", offset, message));
    assertThat(reader.next()).isNull();
    assertThat(reader.problem().byteOffset()).isEqualTo(offset);
    assertThat(reader.packets()).isEqualTo(1);
  }

  @Test
  void tellsARecordHeaderThatIsCutOff() {
    endsAfterOnePacket(
        pcap().raw(new byte[15]),
        SECOND_RECORD,
        "record header cut off, the capture ends at byte 60");
  }

  @Test
  void tellsARecordThatIsCutOff() {
    endsAfterOnePacket(
        pcap().u32(1).u32(1).u32(60).u32(60).raw(PACKET),
        SECOND_RECORD,
        "record of 60 captured bytes cut off, the capture ends at byte 66");
  }

  @Test
  void tellsAnAbsurdCapturedLength() {
    endsAfterOnePacket(
        pcap().u32(1).u32(1).u32(-1).u32(60),
        SECOND_RECORD,
        "captured length 4294967295 is over the limit of 1048576");
  }

  @Test
  void tellsABlockThatIsCutOff() {
    endsAfterOnePacket(
        pcapng().u32(6).u32(64).raw(new byte[20]),
        pcapng().size(),
        "block of 64 bytes cut off, the capture ends at byte 116");
    endsAfterOnePacket(
        pcapng().u32(0xbad).u32(64).raw(new byte[20]),
        pcapng().size(),
        "block of 64 bytes cut off, the capture ends at byte 116");
    endsAfterOnePacket(
        pcapng().raw(new byte[3]),
        pcapng().size(),
        "block header cut off, the capture ends at byte 91");
  }

  @Test
  void tellsABlockLengthThatCannotBe() {
    endsAfterOnePacket(
        pcapng().u32(0xbad).u32(8).u32(8),
        pcapng().size(),
        "block length 8, expected a multiple of 4 from 12");
    endsAfterOnePacket(
        pcapng().u32(6).u32(33).raw(new byte[25]),
        pcapng().size(),
        "block length 33, expected a multiple of 4 from 32 to 16777216");
  }

  @Test
  void tellsABlockWhoseTwoLengthsDiffer() {
    endsAfterOnePacket(
        pcapng().u32(0xbad).u32(12).u32(16),
        pcapng().size(),
        "block length 16, expected at the end of the block what its beginning says: 12");
  }

  @Test
  void tellsACapturedLengthThatItsBlockDoesNotHold() {
    endsAfterOnePacket(
        pcapng().block(6, little().u32(0).u64(0).u32(20).u32(20).raw(new byte[16])),
        pcapng().size(),
        "captured length 20 in a block that holds 16");
  }

  @Test
  void tellsAPacketOfAnInterfaceThatIsNotDescribed() {
    endsAfterOnePacket(
        pcapng().enhanced(1, 0, PACKET), pcapng().size(), "packet of interface 1, 1 described");
    endsAfterOnePacket(
        pcapng().section().enhanced(0, 0, PACKET),
        pcapng().size() + 28,
        "packet of interface 0, 0 described");
  }

  @Test
  void tellsASectionThatCannotBeRead() {
    endsAfterOnePacket(
        pcapng().block(0x0a0d0d0a, little().u32(5).u16(1).u16(0).u64(-1)),
        pcapng().size(),
        "byte-order magic 0x05000000, expected 0x1a2b3c4d in either order");
    endsAfterOnePacket(
        pcapng().block(0x0a0d0d0a, little().u32(0x1a2b3c4d).u16(2).u16(0).u64(-1)),
        pcapng().size(),
        "pcapng version 2, expected 1");
  }

  @Test
  void rejectsWhatIsNoCapture() {
    rejects(
        "hello, world".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        "test: byte 0: no capture, begins with 68656c6c6f2c2077; "
            + "expected pcap or pcapng, plain or in gzip, zstd or xz");
    rejects(
        new byte[0], "test: byte 0: empty; expected pcap or pcapng, plain or in gzip, zstd or xz");
    rejects(
        Arrays.copyOf(pcap().bytes(), 20),
        "test: byte 0: pcap file header of 24 bytes cut off after 20");
    rejects(
        Arrays.copyOf(pcapng().bytes(), 20),
        "test: byte 0: section header block cut off, the capture ends at byte 20");
    rejects(
        CaptureBytes.in(BIG_ENDIAN)
            .u32(CaptureBytes.MICROSECONDS)
            .u16(1)
            .u16(0)
            .raw(new byte[16])
            .bytes(),
        "test: byte 0: pcap version 1.0, expected 2.4");
  }

  private static void rejects(byte[] bytes, String message) {
    assertThatThrownBy(() -> Captures.open(new ByteArrayInputStream(bytes), "test"))
        .isInstanceOf(CaptureException.class)
        .hasMessage(message);
  }

  @Test
  void rejectsFilesThatCannotBeOpened(@TempDir Path directory) {
    assertThatThrownBy(() -> Captures.open(directory))
        .isInstanceOf(CaptureException.class)
        .hasMessageEndingWith(": is a directory");
    assertThatThrownBy(() -> Captures.open(directory.resolve("absent.pcap")))
        .isInstanceOf(CaptureException.class)
        .hasMessageEndingWith("absent.pcap: no such file");
  }

  @Test
  void tellsAStreamThatFailsWhileItIsRead() throws IOException {
    byte[] start = pcap().bytes();
    java.io.InputStream failing =
        new java.io.SequenceInputStream(
            new ByteArrayInputStream(start),
            new java.io.InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("Input/output error");
              }
            });
    CaptureReader reader = Captures.open(failing, "disk");

    assertThat(Seen.packets(reader)).hasSize(1);
    assertThat(reader.problem())
        .isEqualTo(
            new CaptureProblem("disk", 45, "the data cannot be read on: Input/output error"));
  }

  @Test
  void neverThrowsOnFilesWithChangedBytesOrCutShort() {
    long seed = 20_240_601L;
    Random random = new Random(seed);
    byte[] classic = pcap().record(2, 0, new byte[300]).record(3, 0, PACKET).bytes();
    byte[] next =
        pcapng()
            .interfaceBlock(1, 40, little().option(2, "eth0"), little().option(9, little().u8(9)))
            .simple(2, PACKET)
            .enhanced(0, 1, PACKET, little().option(1, "comment"))
            .obsolete(1, 5, PACKET)
            .section()
            .bytes();
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = (round % 2 == 0 ? classic : next).clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      readToTheEnd(
          Arrays.copyOf(damaged, random.nextInt(damaged.length + 1)),
          "seed " + seed + " round " + round);
    }
  }

  private static void readToTheEnd(byte[] bytes, String what) {
    try (CaptureReader reader = Captures.open(new ByteArrayInputStream(bytes), what)) {
      for (Seen seen : Seen.all(reader)) {
        assertThat(seen.packet().length()).as(what).isBetween(0, bytes.length);
      }
    } catch (CaptureException e) {
      assertThat(e.problem().byteOffset()).as(what).isZero();
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(what, e);
    }
  }
}
