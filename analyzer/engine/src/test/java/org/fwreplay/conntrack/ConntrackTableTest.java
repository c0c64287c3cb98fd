package org.fwreplay.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table against maps of the JDK. */
class ConntrackTableTest {
  /** A key as a value. */
  private record Key(
      boolean ipv6, int protocol, long hi, long lo, long toHi, long toLo, int ports, int zone) {
    static Key of(Tuple t) {
      return new Key(
          t.ipv6,
          t.protocol,
          t.sourceHi,
          t.sourceLo,
          t.destinationHi,
          t.destinationLo,
          t.sourcePort << 16 | t.destinationPort,
          t.zone);
    }
  }

  private final Map<Key, Tuple> model = new HashMap<>();
  private final List<Connection> connections = new ArrayList<>();

  /** Few values for each field, so that keys are near each other and come again. */
  private static void fill(Tuple t, SplittableRandom random) {
    t.ipv6 = random.nextBoolean();
    t.protocol = random.nextBoolean() ? 6 : 17;
    t.sourceHi = t.ipv6 ? 0x20010db800000000L + random.nextInt(4) : 0;
    t.sourceLo = 0xc0a80100L + random.nextInt(64);
    t.destinationHi = t.ipv6 ? 0x20010db800000000L + random.nextInt(4) : 0;
    t.destinationLo = 0xc6336400L + random.nextInt(64);
    t.sourcePort = random.nextInt(1 << 16);
    t.destinationPort = random.nextInt(4);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void whateverComesAndGoesIsFoundAsInAMap(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ConntrackTable table = new ConntrackTable(random.nextInt());
    for (int step = 0; step < 20_000; step++) {
      // More come than go, until the table has grown some times; then the other way round.
      boolean comes = random.nextInt(100) < (step < 12_000 ? 90 : 10);
      if (comes || connections.isEmpty()) {
        insert(table, random);
      } else {
        remove(table, random);
      }
    }
    assertThat(connections).hasSizeGreaterThan(2_000);
    model.forEach((key, tuple) -> assertThat(find(table, tuple)).isSameAs(tuple));
    Set<Connection> seen = new HashSet<>();
    table.forEach(ct -> assertThat(seen.add(ct)).isTrue());
    assertThat(seen).isEqualTo(new HashSet<>(connections));
    assertThatSourcesAreFound(table);
    assertThatEachTupleIsInOneBucket(table);
  }

  private void assertThatEachTupleIsInOneBucket(ConntrackTable table) {
    List<Connection> found = new ArrayList<>();
    for (int slot = 0; slot < table.slots(); slot++) {
      int n = 0;
      for (Connection ct; (ct = table.inBucket(slot, n)) != null; n++) {
        found.add(ct);
      }
    }
    List<Connection> withBothTuples = new ArrayList<>(connections);
    withBothTuples.addAll(connections);
    assertThat(found).containsExactlyInAnyOrderElementsOf(withBothTuples);
  }

  private void insert(ConntrackTable table, SplittableRandom random) {
    Connection ct = new Connection();
    fill(ct.original, random);
    TupleReader.invert(ct.original, ct.reply);
    ct.original.zone = random.nextInt(3);
    ct.reply.zone = random.nextInt(3);
    Key original = Key.of(ct.original);
    Key reply = Key.of(ct.reply);
    boolean isFree = !model.containsKey(original) && !model.containsKey(reply);
    assertThat(isFree).isEqualTo(find(table, ct.original) == null && find(table, ct.reply) == null);
    if (isFree) {
      table.insert(ct);
      table.insertBySource(ct);
      model.put(original, ct.original);
      model.put(reply, ct.reply);
      connections.add(ct);
    }
  }

  private void remove(ConntrackTable table, SplittableRandom random) {
    int last = connections.size() - 1;
    int at = random.nextInt(connections.size());
    Connection ct = connections.get(at);
    connections.set(at, connections.get(last));
    connections.remove(last);
    table.remove(ct);
    table.removeBySource(ct);
    model.remove(Key.of(ct.original));
    model.remove(Key.of(ct.reply));
    assertThat(find(table, ct.original)).isNull();
    assertThat(find(table, ct.reply)).isNull();
  }

  private static Tuple find(ConntrackTable table, Tuple key) {
    return table.find(key, key.zone, key.zone, key.zone);
  }

  /** Newest first among those of the same source. */
  private void assertThatSourcesAreFound(ConntrackTable table) {
    for (Connection ct : connections) {
      List<Connection> sameSource = new ArrayList<>();
      for (Connection c = table.firstBySource(ct.original); c != null; c = c.bySourceNext) {
        if (c.original.sameSource(ct.original)) {
          sameSource.add(c);
        }
      }
      assertThat(sameSource).contains(ct).doesNotHaveDuplicates();
    }
  }
}
