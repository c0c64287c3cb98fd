package org.fwreplay.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fwreplay.ipset.SetTexts.read;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Elements lie where Linux 6.18 on a little-endian machine puts them: its listings say so. */
class HashTableTest {
  private static List<String> last(String... lines) {
    return read(lines)
        .save()
        .lines()
        .skip(1)
        .map(line -> line.substring(line.lastIndexOf(':') + 1))
        .toList();
  }

  @Test
  void theOrderOfElementsIsTheKernels() {
    String[] adds =
        Stream.concat(
                Stream.of("create a hash:ip,port initval 0x12345678"),
                Stream.of(1, 2, 3, 4, 5, 6, 7, 8, 9).map(i -> "add a 10.0.0." + i + ",tcp:80" + i))
            .toArray(String[]::new);

    assertThat(last(adds))
        .containsExactly("807", "805", "802", "806", "808", "801", "803", "809", "804");
  }

  @Test
  void theTableDoublesWhenABucketIsFullAndKeepsItsElements() {
    SetFile sets = read("create s hash:ip hashsize 64 initval 7", "add s 10.0.0.0/20");

    assertThat(sets.save().lines().skip(1)).hasSize(4096).doesNotHaveDuplicates();
    assertThat(sets.save()).contains("hashsize 2048 ");
  }

  @Test
  void aFreedPlaceKeepsItsCountersForWhoComesNext() {
    assertThat(
            read(
                    "create s bitmap:ip range 10.0.0.0/24 counters",
                    "add s 10.0.0.1 packets 5 bytes 6",
                    "del s 10.0.0.1",
                    "add s 10.0.0.1 packets 1")
                .save())
        .endsWith("add s 10.0.0.1 packets 1 bytes 6\n");
  }
}
