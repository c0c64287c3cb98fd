package org.fwreplay.bench;

import java.util.concurrent.TimeUnit;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackSettings;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What every packet costs before any rule: its headers, then its connection. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ConnectionBenchmark {
  private final Traffic traffic = new Traffic(2000);
  private final Conntrack conntrack = new Conntrack(new ConntrackSettings((name, dflt) -> dflt), 7);

  /** Headers only. */
  @Benchmark
  public int decode() {
    return Decoder.decode(traffic.next(), false);
  }

  /** Headers, and the connection that the packet belongs to. */
  @Benchmark
  public int connection() {
    Packet p = traffic.next();
    Decoder.decode(p, false);
    conntrack.advance(p.timeNs);
    conntrack.in(p, Hook.PREROUTING);
    int verdict = conntrack.confirm(p);
    conntrack.endFrame(false);
    return verdict;
  }
}
