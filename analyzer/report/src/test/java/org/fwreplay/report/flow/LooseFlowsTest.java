package org.fwreplay.report.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.conntrack.TupleReader;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Protocols;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LooseFlowsTest {
  private static final int CAPACITY = 40;

  private static Tuple tuple(int n) {
    Tuple tuple = new Tuple();
    tuple.protocol = 17;
    tuple.sourceLo = n;
    tuple.destinationLo = 1;
    return tuple;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void itHoldsWhatAMapHolds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LooseFlows flows = new LooseFlows(CAPACITY);
    Map<Integer, Flow> model = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      int n = random.nextInt(2 * CAPACITY);
      Flow found = find(flows, FlowKind.INVALID, n);
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

  private static Flow find(LooseFlows flows, FlowKind kind, int n) {
    return flows.find(LooseFlows.hash(kind, tuple(n)), kind, tuple(n));
  }

  private static Flow add(LooseFlows flows, int n, long ns) {
    Flow flow = new Flow(n, FlowKind.INVALID);
    flow.original.set(tuple(n));
    flow.lastNs = ns;
    flows.add(flow, LooseFlows.hash(flow.kind, flow.original));
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

  @ParameterizedTest(name = "protocol {0}")
  @ValueSource(ints = {Protocols.TCP, Protocols.ICMP, Protocols.GRE})
  void bothDirectionsHaveOneHash(int protocol) {
    Tuple there = tuple(7);
    there.protocol = protocol;
    there.sourcePort = 1234;
    there.destinationPort = Icmp.ECHO_REQUEST << 8;
    Tuple back = new Tuple();
    assertThat(TupleReader.invert(there, back)).isTrue();

    assertThat(LooseFlows.hash(FlowKind.UNTRACKED, back))
        .isEqualTo(LooseFlows.hash(FlowKind.UNTRACKED, there));
  }

  @Test
  void theKindBelongsToTheKey() {
    LooseFlows flows = new LooseFlows(CAPACITY);
    Flow flow = new Flow(1, FlowKind.NEW);
    flow.original.set(tuple(1));
    flows.add(flow, LooseFlows.hash(flow.kind, flow.original));

    assertThat(find(flows, FlowKind.INVALID, 1)).isNull();
    assertThat(find(flows, FlowKind.NEW, 1)).isSameAs(flow);
  }
}
