package org.fwreplay.bench;

import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.fwreplay.parsers.DnsParser;
import org.fwreplay.parsers.DnsResult;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading DNS messages, and refusing what is none. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DnsBenchmark {
  private static final String QUESTION = "03777777076578616d706c6503636f6d00" + "0001" + "0001";

  private final byte[] query = bytes("1234" + "0100" + "0001000000000000" + QUESTION);
  private final byte[] response =
      bytes(
          "1234"
              + "8180"
              + "0001000200000000"
              + QUESTION
              + "c00c000500010000012c0006036364"
              + "6ec010"
              + "c02d000100010000012c0004c0000207");
  private final byte[] noMessage = bytes("ff".repeat(64));

  /** A query with one question. */
  @Benchmark
  public DnsResult query() {
    return DnsParser.parse(query, 0, query.length);
  }

  /** A response with two records and compressed names. */
  @Benchmark
  public DnsResult response() {
    return DnsParser.parse(response, 0, response.length);
  }

  /** Bytes that cannot be a message. */
  @Benchmark
  public DnsResult noMessage() {
    return DnsParser.parse(noMessage, 0, noMessage.length);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
