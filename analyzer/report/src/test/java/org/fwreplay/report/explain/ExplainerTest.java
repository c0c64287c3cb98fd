package org.fwreplay.report.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.replay.ReplayListener;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.Replays;
import org.fwreplay.report.flow.RunNames;
import org.fwreplay.rule.BoundRuleset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An explained run is the same run: every fate, deciding rule and counter of the recorded cases.
 */
class ExplainerTest {
  static List<String> cases() throws IOException {
    return Replays.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void explainingEveryFrameChangesNothing(String name) throws IOException {
    ReplayRun plain = Replays.recorded(name);
    List<String> ends = new ArrayList<>();
    RunNames names = new RunNames(plain);
    plain.listen(
        new ReplayListener() {
          @Override
          public void ended(Packet p, Fate fate, Hook hook, int rule) {
            String place = fate.byRule() && rule >= 0 ? names.place(p.ipv6, rule) : "";
            ends.add(p.frame + " " + fate + " " + place);
          }

          @Override
          public boolean wantsFrames() {
            return true;
          }
        });
    plain.run();

    ReplayRun explained = Replays.recorded(name);
    Explainer explainer = new Explainer(explained, p -> true, Integer.MAX_VALUE);
    explained.listen(explainer).run();

    assertThat(saved(explained.rules4())).isEqualTo(saved(plain.rules4()));
    assertThat(saved(explained.rules6())).isEqualTo(saved(plain.rules6()));
    List<String> explainedEnds = new ArrayList<>();
    for (Explanation each : explainer.explanations()) {
      for (Way way : each.ways()) {
        if (way.fate != null) {
          explainedEnds.add(each.frame + " " + way.fate + " " + way.rule);
        }
        assertThat(deciders(way)).as("frame %d", each.frame).isTrue();
      }
    }
    assertThat(explainedEnds).containsExactlyInAnyOrderElementsOf(ends);
  }

  /** Whether each table ended with a rule that took the packet, and the last one is the way's. */
  private static boolean deciders(Way way) {
    String last = "";
    for (Step step : way.steps()) {
      if (step instanceof Step.Walk walk && walk.verdict != null) {
        Step.RuleStep end = walk.rules.get(walk.rules.size() - 1);
        if (!end.decided) {
          return false;
        }
        last = end.id;
      }
    }
    return way.rule.isEmpty() || way.rule.equals(last);
  }

  private static String saved(BoundRuleset rules) {
    return rules == null ? "" : rules.save();
  }
}
