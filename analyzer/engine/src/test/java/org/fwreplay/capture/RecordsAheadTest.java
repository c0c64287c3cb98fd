package org.fwreplay.capture;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RecordsAheadTest {
  private static CaptureReader ahead(CaptureReader reader) {
    return new RecordsAhead((RecordReader) reader, RecordCheck.NONE);
  }

  /** Many small records, some that fill a batch, one that is larger than a batch. */
  private static byte[] capture() {
    SplittableRandom random = new SplittableRandom(5);
    CaptureBytes capture = CaptureBytes.pcap(LITTLE_ENDIAN, CaptureBytes.MICROSECONDS, 1);
    for (int i = 0; i < 5000; i++) {
      int length = i == 2500 ? 400_000 : i % 1000 == 7 ? 100_000 : random.nextInt(80);
      byte[] packet = new byte[length];
      random.nextBytes(packet);
      capture.record(i, i, packet);
    }
    return capture.bytes();
  }

  @Test
  void itGivesTheRecordsOfTheCapture() throws IOException {
    byte[] capture = capture();
    try (CaptureReader reader = ahead(Seen.open(capture))) {
      assertThat(Seen.all(reader)).isEqualTo(Seen.all(Seen.open(capture)));
      assertThat(reader.next()).isNull();
      assertThat(reader.packets()).isEqualTo(5000);
      assertThat(reader.problem()).isNull();
      assertThat(reader.interfaces()).hasSize(1);
    }
  }

  @Test
  void damageComesBehindTheRecordsBeforeIt() throws IOException {
    byte[] cut = Arrays.copyOf(capture(), 200_000);
    CaptureReader direct = Seen.open(cut);
    List<Seen> whole = Seen.all(direct);
    try (CaptureReader reader = ahead(Seen.open(cut))) {
      for (Seen each : whole) {
        assertThat(reader.problem()).isNull();
        assertThat(Seen.of(reader.next())).isEqualTo(each);
      }
      assertThat(reader.next()).isNull();
      assertThat(reader.problem()).isEqualTo(direct.problem()).isNotNull();
    }
  }

  @Test
  void eachRecordIsCheckedByTheThreadThatReads() throws IOException {
    Set<String> threads = new HashSet<>();
    RecordCheck check =
        record -> {
          threads.add(Thread.currentThread().getName());
          record.networkSumGood = record.length % 2 == 0;
        };
    try (CaptureReader reader = new RecordsAhead((RecordReader) Seen.open(capture()), check)) {
      CaptureRecord record;
      while ((record = reader.next()) != null) {
        assertThat(record.networkSumGood).isEqualTo(record.length % 2 == 0);
      }
    }
    assertThat(threads).containsExactly("read-ahead");
  }

  @Test
  void whatIsThrownThereIsThrownHereBehindTheRecordsBefore() throws IOException {
    try (CaptureReader reader = ahead(new Endless(3, InputStream.nullInputStream()))) {
      for (int i = 0; i < 3; i++) {
        assertThat(reader.next()).isNotNull();
      }
      assertThatThrownBy(reader::next).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(reader::next).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closingEndsTheThreadAndClosesTheReader() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream stream =
        new ByteArrayInputStream(new byte[0]) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    CaptureReader reader = ahead(new Endless(Integer.MAX_VALUE, stream));
    assertThat(reader.next()).isNotNull();
    reader.close();

    assertThat(closed).isTrue();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("read-ahead") && thread.isAlive());
  }

  /** Always the same record, and at last an exception. */
  private static final class Endless extends RecordReader {
    private final byte[] bytes = new byte[60];
    private final int most;
    private int count;

    Endless(int most, InputStream in) throws IOException {
      super(new CaptureSource(in, "endless", -1));
      this.most = most;
    }

    @Override
    boolean read(CaptureRecord into) {
      if (count++ == most) {
        throw new IllegalStateException("a bug");
      }
      into.buffer = bytes;
      into.offset = 0;
      into.length = bytes.length;
      return true;
    }

    @Override
    String container() {
      return "none";
    }
  }
}
