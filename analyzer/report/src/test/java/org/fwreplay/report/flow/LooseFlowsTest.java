package org.fwreplay.report.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
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
  void itHoldsWhatAMapInOrderOfUseHolds() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    LooseFlows flows = new LooseFlows(CAPACITY);
    Map<Integer, Flow> model = new LinkedHashMap<>(64, 0.75f, true);
    for (int step = 0; step < 20_000; step++) {
      int n = random.nextInt(80);
      Flow found = flows.find(FlowKind.INVALID, tuple(n));
      assertThat(found).as("step %d, seed %d", step, seed).isSameAs(model.get(n));
      if (found != null && random.nextInt(4) == 0) {
        flows.remove(found);
        model.remove(n);
      } else if (found == null) {
        if (flows.isFull()) {
          Map.Entry<Integer, Flow> eldest = model.entrySet().iterator().next();
          assertThat(flows.oldest()).as("seed %d", seed).isSameAs(eldest.getValue());
          flows.remove(eldest.getValue());
          model.remove(eldest.getKey());
        }
        Flow flow = new Flow(step, FlowKind.INVALID);
        flow.original.set(tuple(n));
        flows.add(flow);
        model.put(n, flow);
      }
    }
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
