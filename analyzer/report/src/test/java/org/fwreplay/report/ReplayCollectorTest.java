package org.fwreplay.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.fwreplay.hook.Fate;
import org.fwreplay.replay.ReplayRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What must hold between the sums of any run, on the recorded cases. */
class ReplayCollectorTest {
  static List<String> cases() throws IOException {
    return Replays.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyFrameHasOneFate(String name) throws IOException {
    ReplayRun run = Replays.recorded(name);
    Totals totals = Replays.result(run).totals();

    long fates = Arrays.stream(Fate.values()).mapToLong(f -> totals.of(f).packets()).sum();

    assertThat(totals.frames().packets()).isEqualTo(run.frames()).isEqualTo(fates);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyPacketThatWasLookedIntoIsInOneFlow(String name) throws IOException {
    ReplayResult result = Replays.result(Replays.recorded(name));
    JsonNode flows = ReplaySchema.tree(Replays.json(result)).at("/flows/list");
    Map<String, Long> expected = new HashMap<>();
    for (Fate fate : Fate.values()) {
      long packets = result.totals().of(fate).packets() + result.totals().made(fate).packets();
      if (packets > 0) {
        expected.put(org.fwreplay.report.flow.FateNames.key(fate), packets);
      }
    }
    List.of("notIp", "malformed", "otherHost", "fragmentHeld").forEach(expected::remove);

    Map<String, Long> found = new HashMap<>();
    for (JsonNode flow : flows) {
      flow.get("fates")
          .properties()
          .forEach(e -> found.merge(e.getKey(), e.getValue().asLong(), Long::sum));
    }

    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void flowsCountWhatConnectionTrackingCounts(String name) throws IOException {
    ReplayRun run = Replays.recorded(name);
    ReplayResult result = Replays.result(run);
    if (!run.conntrack().accounting()) {
      return;
    }
    JsonNode flows = ReplaySchema.tree(Replays.json(result)).at("/flows/list");
    List<String> counted = new ArrayList<>();
    run.conntrack().forEach(ct -> counted.add(ct.packets(0) + "/" + ct.packets(1)));

    // The answer to a rejected packet is not counted by connection tracking.
    List<String> found =
        StreamSupport.stream(flows.spliterator(), false)
            .filter(flow -> flow.get("kind").asString().equals("tracked"))
            .filter(flow -> !flow.get("gone").asBoolean() && !flow.at("/fates").has("rejected"))
            .map(flow -> flow.at("/packets/original") + "/" + flow.at("/packets/reply"))
            .toList();

    found.forEach(both -> assertThat(counted.remove(both)).as(both).isTrue());
    long rejected =
        StreamSupport.stream(flows.spliterator(), false)
            .filter(flow -> flow.get("kind").asString().equals("tracked"))
            .filter(flow -> flow.at("/fates").has("rejected"))
            .count();
    assertThat(counted).hasSizeLessThanOrEqualTo((int) rejected);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sumsOfTwoRunsAdd(String name) throws IOException {
    Totals once = Replays.result(Replays.recorded(name)).totals();
    Totals twice = Replays.result(Replays.recorded(name)).totals().add(once);

    for (Fate fate : Fate.values()) {
      assertThat(twice.of(fate).packets()).isEqualTo(2 * once.of(fate).packets());
      assertThat(twice.made(fate).bytes()).isEqualTo(2 * once.made(fate).bytes());
    }
    assertThat(twice.frames().bytes()).isEqualTo(2 * once.frames().bytes());
  }
}
