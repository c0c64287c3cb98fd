package org.fwreplay.report.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.fwreplay.conntrack.Tuple;
import org.junit.jupiter.api.Test;

class LooseFlowsTest {
  private static final int CAPACITY = 40;

  private static Tuple tuple(int n) {
    Tuple tuple = new Tuple();
    tuple.protocol = 17;
    tuple.sourceLo = n;
    tuple.destinationLo = 1;
    return tuple;
  }

  @Test
  void itHoldsWhatAMapHolds() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    LooseFlows flows = new LooseFlows(CAPACITY);
    Map<Integer, Flow> model = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      int n = random.nextInt(2 * CAPACITY);
      Flow found = flows.find(FlowKind.INVALID, tuple(n));
      assertThat(found).as("step %d, seed %d", step, seed).isSameAs(model.get(n));
      if (found != null && random.nextInt(4) == 0) {
        flows.remove(found);
        model.remove(n);
      } else if (found != null) {
        found.lastNs = step;
      } else {
        if (flows.isFull()) {
          Flow old = flows.toGiveUp();
          flows.remove(old);
          assertThat(model.values().remove(old)).as("seed %d", seed).isTrue();
        }
        model.put(n, add(flows, n, step));
      }
    }
    assertThat(flows.isFull()).isEqualTo(model.size() == CAPACITY);
  }

  private static Flow add(LooseFlows flows, int n, long ns) {
    Flow flow = new Flow(n, FlowKind.INVALID);
    flow.original.set(tuple(n));
    flow.lastNs = ns;
    flows.add(flow);
    return flow;
  }

  @Test
  void aFlowThatWasUsedIsGivenUpAfterOneThatWasNot() {
    LooseFlows flows = new LooseFlows(CAPACITY);
    Flow used = add(flows, 1, 10);
    Flow silent = add(flows, 2, 20);
    used.lastNs = 30;

    assertThat(flows.toGiveUp()).isSameAs(silent);
  }

  @Test
  void onlyAFlowThatWasSilentIsIdle() {
    LooseFlows flows = new LooseFlows(CAPACITY);
    Flow used = add(flows, 1, 10);
    Flow silent = add(flows, 2, 20);
    used.lastNs = 90;

    assertThat(flows.idleSince(20)).isNull();
    assertThat(flows.idleSince(21)).isSameAs(silent);
    flows.remove(silent);
    assertThat(flows.idleSince(90)).isNull();
    assertThat(flows.idleSince(91)).isSameAs(used);
  }

  @Test
  void theKindBelongsToTheKey() {
    LooseFlows flows = new LooseFlows(CAPACITY);
    Flow flow = new Flow(1, FlowKind.NEW);
    flow.original.set(tuple(1));
    flows.add(flow);

    assertThat(flows.find(FlowKind.INVALID, tuple(1))).isNull();
    assertThat(flows.find(FlowKind.NEW, tuple(1))).isSameAs(flow);
  }
}
