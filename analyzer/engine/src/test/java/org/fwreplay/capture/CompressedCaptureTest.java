package org.fwreplay.capture;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class CompressedCaptureTest {
  private static final int PACKETS = 2000;

  enum Compression {
    GZIP,
    ZSTD,
    XZ;

    OutputStream over(OutputStream out) throws IOException {
      return switch (this) {
        case GZIP -> new GZIPOutputStream(out);
        case ZSTD -> new ZstdOutputStreamNoFinalizer(out);
        case XZ -> new XZOutputStream(out, new LZMA2Options());
      };
    }

    byte[] of(byte[] bytes) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (OutputStream compressed = over(out)) {
        compressed.write(bytes);
      }
      return out.toByteArray();
    }
  }

  private static CaptureBytes capture() {
    Random random = new Random(7);
    CaptureBytes capture = CaptureBytes.pcap(LITTLE_ENDIAN, CaptureBytes.MICROSECONDS, 1);
    for (int i = 0; i < PACKETS; i++) {
      byte[] packet = new byte[random.nextInt(200)];
      random.nextBytes(packet);
      capture.record(i, 0, packet);
    }
    return capture;
  }

  @ParameterizedTest
  @EnumSource
  void readsTheSameThroughCompression(Compression compression) throws IOException {
    byte[] plain = capture().bytes();
    CaptureReader reader = Seen.open(compression.of(plain));

    assertThat(Seen.all(reader)).isEqualTo(Seen.all(Seen.open(plain)));
    assertThat(reader.problem()).isNull();
    assertThat(reader.format())
        .endsWith(", " + compression.name().toLowerCase(java.util.Locale.ROOT));
  }

  @ParameterizedTest
  @EnumSource
  void readsAFileOfSeveralMembers(Compression compression) throws IOException {
    byte[] plain = capture().bytes();
    byte[] first = compression.of(Arrays.copyOf(plain, 1000));
    byte[] second = compression.of(Arrays.copyOfRange(plain, 1000, plain.length));
    CaptureReader reader =
        Captures.open(
            new SequenceInputStream(
                new ByteArrayInputStream(first), new ByteArrayInputStream(second)),
            "parts");

    assertThat(Seen.all(reader)).hasSize(PACKETS);
    assertThat(reader.problem()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void countsWhatCameBeforeTheDataBreakOff(Compression compression) throws IOException {
    byte[] whole = compression.of(capture().bytes());
    CaptureReader reader = Seen.open(Arrays.copyOf(whole, whole.length * 9 / 10));
    List<Seen> seen = Seen.all(reader);

    assertThat(seen).isEqualTo(Seen.all(Seen.open(capture())).subList(0, seen.size()));
    assertThat(reader.problem().message()).startsWith("the data cannot be read on: ");
    assertThat(reader.problem().byteOffset()).isLessThan(capture().size());
  }

  @Test
  void readsZstdThatBeginsWithASkippableFrame() throws IOException {
    byte[] skippable =
        CaptureBytes.in(LITTLE_ENDIAN).u32(0x184d2a53).u32(5).raw(new byte[5]).bytes();
    byte[] data = Compression.ZSTD.of(capture().bytes());
    CaptureBytes file = CaptureBytes.in(LITTLE_ENDIAN).raw(skippable).raw(data);

    assertThat(Seen.all(Seen.open(file))).hasSize(PACKETS);
  }

  @Test
  void readsStandardInput() throws IOException {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(Compression.GZIP.of(capture().bytes())));
    try (CaptureReader reader = Captures.open(Path.of("-"))) {
      assertThat(Seen.all(reader)).hasSize(PACKETS);
      assertThat(reader.name()).isEqualTo("-");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void losesLittleBeforeDamageInGzip() throws IOException {
    byte[] damaged = Compression.GZIP.of(capture().bytes());
    Arrays.fill(damaged, damaged.length * 8 / 10, damaged.length, (byte) 0xff);
    CaptureReader reader = Seen.open(damaged);

    assertThat(Seen.all(reader)).hasSizeBetween(PACKETS * 7 / 10, PACKETS - 1);
    assertThat(reader.problem()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource
  void neverThrowsOnDamagedCompressedData(Compression compression) throws IOException {
    long seed = 42;
    Random random = new Random(seed);
    byte[] whole = compression.of(Arrays.copyOf(capture().bytes(), 5000));
    for (int round = 0; round < 300; round++) {
      byte[] damaged = whole.clone();
      damaged[6 + random.nextInt(damaged.length - 6)] ^= (byte) (1 + random.nextInt(255));
      try (CaptureReader reader = Captures.open(new ByteArrayInputStream(damaged), "damaged")) {
        Seen.all(reader);
      } catch (CaptureException e) {
        assertThat(e.problem().message()).as("seed %d round %d", seed, round).isNotBlank();
      }
    }
  }

  @Test
  void rejectsCompressedDataThatIsNoCapture() throws IOException {
    byte[] text =
        Compression.ZSTD.of("hello, world".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> Captures.open(new ByteArrayInputStream(text), "text"))
        .isInstanceOf(CaptureException.class)
        .hasMessageStartingWith(
            "text: byte 0: no capture inside zstd, begins with 68656c6c6f2c2077");
  }

  @Test
  void tellsHowMuchOfAFileHasBeenRead(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("capture");
    byte[] bytes = Compression.XZ.of(capture().bytes());
    Files.write(file, bytes);
    try (CaptureReader reader = Captures.open(file)) {
      assertThat(reader.totalBytes()).isEqualTo(bytes.length);
      Seen.all(reader);
      assertThat(reader.bytesRead()).isEqualTo(bytes.length);
    }
  }
}
