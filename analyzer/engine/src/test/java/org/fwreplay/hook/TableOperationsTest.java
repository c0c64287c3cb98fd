package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.fwreplay.hook.TableOperations.Counters;
import org.fwreplay.hook.TableOperations.Entry;
import org.fwreplay.legacy.Trigger;
import org.fwreplay.legacy.Triggers;
import org.fwreplay.packet.Hook;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The four operations that user space has on a table. */
class TableOperationsTest {
  private static final String PACKET = "udp 192.168.1.10:1000 > 198.51.100.7:53 len 10";
  private Scenario scenario;
  private TableOperations operations;

  @BeforeEach
  void aTableWithAChainOfItsOwn() {
    scenario =
        new Scenario()
            .rules(
                "*filter",
                ":FORWARD DROP",
                ":mine -",
                "-A FORWARD -p udp -j mine",
                "-A FORWARD -p tcp -j LOG",
                "-A FORWARD -p icmp -g mine",
                "-A mine",
                "-A mine -p udp -j ACCEPT",
                "-A mine -j RETURN");
    operations = scenario.operations();
  }

  @Test
  void infoSaysWhereEachHookBeginsAndEnds() {
    TableOperations.Info info = operations.info("filter");
    assertThat(info.hookEntry()).isEqualTo(Map.of(Hook.INPUT, 0, Hook.FORWARD, 1, Hook.OUTPUT, 5));
    assertThat(info.underflow()).isEqualTo(Map.of(Hook.INPUT, 0, Hook.FORWARD, 4, Hook.OUTPUT, 5));
    assertThat(info.entries()).isEqualTo(12);
  }

  @Test
  void entriesLieAsInTheKernelWithTheirVerdicts() {
    List<Entry> entries = operations.entries("filter");
    assertThat(entries)
        .extracting(e -> e.position() + " " + e.kind() + " " + e.text() + " " + e.verdict())
        .containsExactly(
            "0 END ACCEPT -2",
            "1 RULE -A FORWARD -p udp -j mine 7",
            "2 RULE -A FORWARD -p tcp -j LOG 0",
            "3 RULE -A FORWARD -p icmp -g mine 7",
            "4 END DROP -1",
            "5 END ACCEPT -2",
            "6 ERROR mine 0",
            "7 RULE -A mine 8",
            "8 RULE -A mine -p udp -j ACCEPT -2",
            "9 RULE -A mine -j RETURN -5",
            "10 END RETURN -5",
            "11 ERROR ERROR 0");
  }

  private String counters() {
    StringBuilder text = new StringBuilder();
    operations.entries("filter").forEach(e -> text.append(e.packets()).append(' '));
    return text.toString().strip();
  }

  @Test
  void entriesHaveTheirCounters() {
    scenario.arrives("lan", PACKET);
    scenario.arrives("lan", "icmp 192.168.1.10 > 198.51.100.7 8/0 id 1");
    assertThat(counters()).isEqualTo("0 1 0 1 1 0 0 2 1 1 0 0");
    assertThat(operations.entries("filter").get(1).bytes()).isEqualTo(38);
  }

  @Test
  void aReplacedTableCountsFromThenOnAndTheOldCountersComeBack() {
    assertThat(scenario.arrives("lan", PACKET)).hasSize(1);
    TableOperations.Replaced replaced =
        operations.replace("filter", "*filter\n:FORWARD DROP\n-A FORWARD -p udp\nCOMMIT\n");
    assertThat(replaced.errors()).isEmpty();
    assertThat(replaced.old()).hasSize(12).contains(new Counters(1, 38));
    assertThat(counters()).isEqualTo("0 0 0 0 0");
    assertThat(scenario.arrives("lan", PACKET)).as("the new policy").isEmpty();
    assertThat(counters()).isEqualTo("0 1 1 0 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*filter\n-A FORWARD -j NOWHERE\nCOMMIT\n",
        "*filter\n-A INPUT -j PROJECT --to-iface lan\nCOMMIT\n",
        "*filter\n:a -\n:b -\n-A INPUT -j a\n-A a -j b\n-A b -j a\nCOMMIT\n",
        "*mangle\nCOMMIT\n",
        "*filter\nCOMMIT\n*mangle\nCOMMIT\n"
      })
  void aBadTableLeavesTheOldOneAsItWas(String text) {
    scenario.arrives("lan", PACKET);
    assertThat(operations.replace("filter", text).errors()).isNotEmpty();
    assertThat(scenario.arrives("lan", PACKET)).hasSize(1);
    assertThat(counters()).isEqualTo("0 2 0 0 0 0 0 2 2 0 0 0");
  }

  @Test
  void countersAreAdded() {
    scenario.arrives("lan", PACKET);
    operations.addCounters("filter", Collections.nCopies(12, new Counters(10, 100)));
    assertThat(counters()).isEqualTo("10 11 10 10 10 10 0 11 11 10 10 0");
    assertThat(operations.entries("filter").get(1).bytes()).isEqualTo(138);
  }

  @Test
  void asManyCountersAsEntriesAreWanted() {
    assertThatThrownBy(() -> operations.addCounters("filter", List.of(new Counters(1, 1))))
        .hasMessage("table filter has 12 entries, not 1 (EINVAL)");
  }

  @Test
  void aTableThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> operations.info("nat"))
        .hasMessage("no table nat; there are filter (ENOENT)");
  }

  @Test
  void everyCommitOfARulesetWithTriggersEmptiesTheirList() {
    String rule =
        "-A FORWARD -p udp -j TRIGGER --trigger-type out --trigger-match 53 --trigger-relate 9";
    Scenario triggering = new Scenario().rules("*filter", rule);
    triggering.arrives("lan", PACKET);
    Triggers triggers = triggering.shared(Triggers.class, Triggers.SHARED);
    assertThat(triggers.history().get(0).end()).isNull();
    triggering.operations().replace("filter", "*filter\n" + rule + "\nCOMMIT\n");
    assertThat(triggers.history().get(0).end()).isEqualTo(Trigger.End.FLUSHED);
  }
}
