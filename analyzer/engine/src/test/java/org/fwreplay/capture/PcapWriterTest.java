package org.fwreplay.capture;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapWriterTest {
  private static final byte[] PACKET = {0, 1, 2, 3, 4};

  @TempDir private Path directory;
  private Path target;

  @BeforeEach
  void choose() {
    target = directory.resolve("out.pcap");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> list = Files.list(directory)) {
      return list.toList();
    }
  }

  @Test
  void writesNanosecondsInLittleEndian() throws IOException {
    try (PcapWriter writer = new PcapWriter(target, 101)) {
      writer.write(1_700_000_000_123_456_789L, PACKET, 1, 2);
      writer.write(4_000_000_000_000_000_001L, PACKET, 0, 1, 1500);
      writer.commit();
    }

    assertThat(Files.readAllBytes(target))
        .isEqualTo(
            CaptureBytes.in(LITTLE_ENDIAN)
                .u32(CaptureBytes.NANOSECONDS)
                .u16(2)
                .u16(4)
                .u64(0)
                .u32(262144)
                .u32(101)
                .record(1_700_000_000L, 123_456_789, (byte) 1, (byte) 2)
                .cutRecord(4_000_000_000L, 1, 1500, (byte) 0)
                .bytes());
    assertThat(files()).containsExactly(target);
  }

  @Test
  void writesMoreThanItsBufferHolds() throws IOException {
    try (PcapWriter writer = new PcapWriter(target, 1)) {
      for (int i = 0; i < 3000; i++) {
        writer.write(i, new byte[i * 53 % 1500], 0, i * 53 % 1500);
      }
      writer.write(3000, new byte[150_000], 0, 150_000);
      writer.commit();
    }

    try (CaptureReader reader = Captures.open(target)) {
      List<Seen> seen = Seen.all(reader);
      assertThat(seen).hasSize(3001);
      for (int i = 0; i < 3000; i++) {
        assertThat(seen.get(i).timeNs()).isEqualTo(i);
        assertThat(seen.get(i).wireLength()).isEqualTo(i * 53 % 1500);
      }
      assertThat(seen.get(3000).packet()).hasSize(150_000);
    }
  }

  @Test
  void holdsTimesWithinWhatTheFormatCanSay() throws IOException {
    try (PcapWriter writer = new PcapWriter(target, 1)) {
      writer.write(-5, PACKET, 0, 5);
      writer.write(Long.MAX_VALUE, PACKET, 0, 5);
      writer.commit();
    }

    try (CaptureReader reader = Captures.open(target)) {
      assertThat(Seen.all(reader))
          .extracting(Seen::timeNs)
          .containsExactly(0L, 4_294_967_295_999_999_999L);
    }
  }

  @Test
  void leavesNothingBehindWithoutCommit() throws IOException {
    try (PcapWriter writer = new PcapWriter(target, 1)) {
      writer.write(0, PACKET, 0, 5);
    }

    assertThat(files()).isEmpty();
  }

  @Test
  void keepsTheFileThatWasThereUntilCommit() throws IOException {
    Files.writeString(target, "old");
    try (PcapWriter writer = new PcapWriter(target, 1)) {
      writer.write(0, PACKET, 0, 5);
      assertThat(target).hasContent("old");
      writer.commit();
    }

    assertThat(Files.size(target)).isEqualTo(24 + 16 + 5);
    assertThat(files()).containsExactly(target);
  }
}
