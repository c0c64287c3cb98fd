package org.fwreplay.capture;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CaptureMergerTest {
  /** A capture with a record of one byte at each of the times in seconds. */
  private static CaptureBytes at(int... seconds) {
    CaptureBytes capture = CaptureBytes.pcap(LITTLE_ENDIAN, CaptureBytes.MICROSECONDS, 1);
    for (int second : seconds) {
      capture.record(second, 0, (byte) 7);
    }
    return capture;
  }

  /** The records in their merged order, as {@code source@seconds}. */
  private static List<String> merged(CaptureMerger merger) {
    List<String> order = new ArrayList<>();
    CaptureRecord record;
    while ((record = merger.next()) != null) {
      assertThat(record.buffer[record.offset]).isEqualTo((byte) 7);
      order.add(record.source + "@" + record.timeNs / 1_000_000_000L);
    }
    return order;
  }

  private static CaptureMerger of(CaptureBytes... captures) {
    CaptureMerger merger = new CaptureMerger();
    int source = 10;
    for (CaptureBytes capture : captures) {
      merger.add(Seen.open(capture), source++);
    }
    return merger;
  }

  @Test
  void mergesByTimeStamp() {
    assertThat(merged(of(at(1, 4, 6), at(2, 3, 7), at(5))))
        .containsExactly("10@1", "11@2", "11@3", "10@4", "12@5", "10@6", "11@7");
  }

  @Test
  void givesEqualTimesInTheOrderOfTheCaptures() {
    assertThat(merged(of(at(1, 1), at(1, 2), at(1, 1))))
        .containsExactly("10@1", "10@1", "11@1", "12@1", "12@1", "11@2");
  }

  @Test
  void keepsTheOrderOfACaptureWhoseClockJumpsBack() {
    assertThat(merged(of(at(10, 5, 11), at(6, 7, 12))))
        .containsExactly("11@6", "11@7", "10@10", "10@5", "10@11", "11@12");
  }

  @Test
  void mergesNoneOneAndEmptyCaptures() {
    assertThat(merged(of())).isEmpty();
    assertThat(merged(of(at()))).isEmpty();
    assertThat(merged(of(at(3, 2)))).containsExactly("10@3", "10@2");
    assertThat(merged(of(at(), at(1), at()))).containsExactly("11@1");
  }

  @Test
  void readsOnAfterOneCaptureIsDamaged() {
    CaptureMerger merger = of(at(1, 5).u32(1), at(2, 9));

    assertThat(merged(merger)).containsExactly("10@1", "11@2", "10@5", "11@9");
    assertThat(merger.problems())
        .extracting(CaptureProblem::byteOffset)
        .containsExactly(24L + 2 * 17);
  }

  @Test
  void sortsManySortedCapturesStably() throws IOException {
    long seed = 5;
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      List<String> expected = new ArrayList<>();
      int captures = 1 + random.nextInt(12);
      CaptureBytes[] files = new CaptureBytes[captures];
      for (int i = 0; i < captures; i++) {
        int[] times = random.ints(random.nextInt(30), 0, 40).sorted().toArray();
        files[i] = at(times);
        for (int time : times) {
          expected.add((10 + i) + "@" + time);
        }
      }
      expected.sort(
          Comparator.comparingInt(
              entry -> Integer.parseInt(entry.substring(entry.indexOf('@') + 1))));
      try (CaptureMerger merger = of(files)) {
        assertThat(merged(merger)).as("seed %d round %d", seed, round).isEqualTo(expected);
      }
    }
  }

  @Test
  void addsUpTheProgressOfAllCaptures() {
    CaptureMerger merger = of(at(1, 2), at(3));
    merged(merger);

    assertThat(merger.bytesRead()).isEqualTo(at(1, 2).size() + at(3).size());
    assertThat(merger.totalBytes()).isEqualTo(-1);
  }
}
