package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;
import org.fwreplay.xt.TestRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code dns_name} and {@code dns} say of DNS messages, and of what only looks like one. */
class DnsMatchTest {
  private static final String A = "192.0.2.1:5353";
  private static final String B = "198.51.100.2:53";
  private static final int RD = 0x0100;
  private static final byte[] NONE = {};

  private final TestRun run = new TestRun();

  /** A message with questions {@code NAME TYPE}, and whatever follows them. */
  private static byte[] message(int flags, int[] counts, byte[] rest, String... questions) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int word : new int[] {0x1234, flags, questions.length, counts[0], counts[1], counts[2]}) {
      word(out, word);
    }
    for (String question : questions) {
      String[] parts = question.split(" ");
      for (String label : parts[0].split("\\.")) {
        out.write(label.length());
        out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
      }
      out.write(0);
      word(out, Integer.parseInt(parts[1]));
      word(out, 1);
    }
    out.writeBytes(rest);
    return out.toByteArray();
  }

  private static void word(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }

  private static byte[] request(String... questions) {
    return message(RD, new int[3], NONE, questions);
  }

  private static byte[] opt(int... data) {
    byte[] record = new byte[11 + data.length];
    record[2] = 41;
    record[3] = 4;
    record[10] = (byte) data.length;
    for (int i = 0; i < data.length; i++) {
      record[11 + i] = (byte) data[i];
    }
    return record;
  }

  private static Packet udp(byte[] message) {
    return Packets.udp(A, B).payload(message).build();
  }

  private boolean asks(String options, byte[] message) {
    return run.match("dns_name " + options).matches(udp(message));
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, example.org, true",
    "example.org, EXAMPLE.Org, true",
    "EXAMPLE.org, example.ORG, true",
    "example.org, www.example.org, false",
    "example.org, example.or, false",
    "example.org, example-org, false",
    "a[b, a{b, false"
  })
  void aNameIsComparedWithoutRegardToTheCaseOfAscii(String rule, String asked, boolean same) {
    assertThat(asks("--domain " + rule, request(asked + " 1"))).isEqualTo(same);
    assertThat(asks("! --domain " + rule, request(asked + " 1"))).isEqualTo(!same);
  }

  @Test
  void anyOfSeveralQuestionsMayAskForTheName() {
    byte[] two = request("a.test 1", "b.test 28");
    assertThat(asks("--domain a.test", two)).isTrue();
    assertThat(asks("--domain b.test", two)).isTrue();
    assertThat(asks("--domain c.test", two)).isFalse();
    assertThat(asks("! --domain b.test", two)).isFalse();
  }

  @Test
  void optAndTsigMayFollow() {
    int[] one = {0, 0, 1};
    byte[] cookie = opt(0, 10, 0, 2, 1, 2);
    assertThat(asks("--domain a.test", message(RD, one, opt(), "a.test 1"))).isTrue();
    assertThat(asks("--domain a.test", message(RD, one, cookie, "a.test 1"))).isTrue();
    byte[] tsig = {1, 'k', 0, 0, (byte) 250, 0, (byte) 255, 0, 0, 0, 0, 0, 2, 9, 9};
    assertThat(asks("--domain a.test", message(RD, one, tsig, "a.test 1"))).isTrue();
    byte[] address = {0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4};
    assertThat(asks("--domain a.test", message(RD, one, address, "a.test 1"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x8000, 0x0800, 0x2000, 0x0400, 0x0200, 0x0080, 0x0040, 0x0003})
  void aMessageWithAFlagThatNoRequestHasIsNone(int flag) {
    byte[] message = message(RD | flag, new int[3], NONE, "a.test 1");
    assertThat(asks("--domain a.test", message)).isFalse();
    assertThat(asks("! --domain b.test", message)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x0100, 0x0020, 0x0010, 0})
  void aRequestMayHaveTheseFlags(int flags) {
    byte[] message = message(flags, new int[3], NONE, "a.test 1");
    assertThat(asks("--domain a.test", message)).isTrue();
  }

  @Test
  void whatIsNotCertainlyARequestDoesNotMatch() {
    byte[] good = request("a.test 1");
    assertThat(asks("! --domain b.test", good)).isTrue();
    assertThat(asks("! --domain b.test", Arrays.copyOf(good, good.length + 1)))
        .as("a byte behind the message")
        .isFalse();
    assertThat(asks("! --domain b.test", Arrays.copyOf(good, good.length - 1)))
        .as("cut off")
        .isFalse();
    assertThat(asks("! --domain b.test", message(RD, new int[] {1, 0, 0}, NONE, "a.test 1")))
        .as("answers")
        .isFalse();
    assertThat(asks("! --domain b.test", message(RD, new int[] {0, 1, 0}, NONE, "a.test 1")))
        .as("authorities")
        .isFalse();
    assertThat(asks("! --domain b.test", message(RD, new int[3], new byte[8])))
        .as("no question")
        .isFalse();
    byte[] pointer = request("a.test 1", "b.test 1");
    pointer[12] = (byte) 0xc0;
    assertThat(asks("! --domain c.test", pointer)).as("compressed").isFalse();
    pointer[12] = 0x41;
    assertThat(asks("! --domain c.test", pointer)).as("label of 65 bytes").isFalse();
  }

  @Test
  void onlyUdpToPort53WithSoundLengthsIsLookedAt() {
    byte[] good = request("a.test 1");
    TestRun.Bound match = run.match("dns_name --domain a.test");
    assertThat(match.matches(Packets.udp(A, "198.51.100.2:54").payload(good).build())).isFalse();
    assertThat(match.matches(Packets.udp(B, A).payload(good).build())).as("answer").isFalse();
    Packet lies = udp(good);
    lies.buffer[lies.transport + Udp.UDP_LENGTH + 1]--;
    assertThat(match.matches(lies)).as("UDP length").isFalse();
    Packet first = Packets.udp(A, B).payload(good).fragment(0, true).build();
    assertThat(match.matches(first)).as("fragment").isFalse();
  }

  @Test
  void ipv6IsLookedAtAlsoWithoutItsProtocolInTheRule() {
    Packet p = Packets.udp("[2001:db8::1]:9", "[2001:db8::2]:53").payload(request("a.b 1")).build();
    assertThat(run.match6("dns_name --domain a.b").matches(p)).isTrue();
    assertThat(run.match6("dns_name --domain a.c").matches(p)).isFalse();
  }

  // -- TCP ---------------------------------------------------------------------------------------

  private static byte[] framed(byte[]... messages) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      word(out, message.length);
      out.writeBytes(message);
    }
    return out.toByteArray();
  }

  private static Packet segment(long sequence, byte[] stream, int from, int to) {
    return Packets.tcp(A, B)
        .sequence(sequence + from)
        .flags(Tcp.ACK | Tcp.PSH)
        .payload(Arrays.copyOfRange(stream, from, to))
        .build();
  }

  private static Packet syn(long sequence) {
    return Packets.tcp(A, B).sequence(sequence).flags(Tcp.SYN).build();
  }

  @Test
  void aMessageOverTcpMatchesAtTheSegmentThatCompletesIt() {
    TestRun.Bound match = run.match("dns_name --domain a.test");
    byte[] stream = framed(request("x.test 1"), request("a.test 1"));
    int second = stream.length / 2;
    assertThat(match.matches(syn(0xfffffff0L))).isFalse();
    long start = 0xfffffff1L;
    assertThat(match.matches(segment(start, stream, 0, 1))).isFalse();
    assertThat(match.matches(segment(start, stream, 1, second + 5))).as("x.test").isFalse();
    assertThat(match.matches(segment(start, stream, second + 5, stream.length))).isTrue();
    assertThat(match.matches(segment(start, stream, second + 5, stream.length)))
        .as("sent again")
        .isTrue();
    assertThat(match.matches(segment(start, stream, 1, second + 5)))
        .as("sent again, now that its message is complete")
        .isTrue();
  }

  @Test
  void segmentsMayComeInAnotherOrder() {
    TestRun.Bound match = run.match("dns_name ! --domain a.test");
    byte[] stream = framed(request("b.test 1"));
    match.matches(syn(99));
    assertThat(match.matches(segment(100, stream, 9, stream.length))).isFalse();
    assertThat(match.matches(segment(100, stream, 0, 9))).isTrue();
  }

  @Test
  void aLongConversationIsFollowed() {
    TestRun.Bound match = run.match("dns_name --domain a.test");
    byte[] other = framed(request("other.test 1"));
    byte[] wanted = framed(request("a.test 1"));
    match.matches(syn(99));
    long sequence = 100;
    for (int i = 0; i < 10_000; i++) {
      assertThat(match.matches(segment(sequence, other, 0, other.length))).isFalse();
      sequence += other.length;
    }
    assertThat(match.matches(segment(sequence, wanted, 0, wanted.length))).isTrue();
  }

  @Test
  void aConnectionWhoseBeginningWasNotSeenIsTakenToBeginWithAMessage() {
    byte[] stream = framed(request("a.test 1"));
    assertThat(run.match("dns_name --domain a.test").matches(segment(7, stream, 0, stream.length)))
        .isTrue();
  }

  // -- dns ---------------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "dns --qname a.test, true",
    "dns --qname b.test, false",
    "dns ! --qname b.test, true",
    "dns --qname test, false",
    "dns --qname test --rmatch, true",
    "dns --qtype AAAA, true",
    "dns ! --qtype A, true",
    "dns --rd --opcode QUERY --rcode NOERROR, true",
    "dns ! --rd, false",
    "dns ! --qr ! --tc, true",
    "dns --qr, false",
    "dns --maxsize 8, true",
    "dns --maxsize 7, false",
    "dns ! --maxsize 7, true",
    "dns, true"
  })
  void dnsTestsTheFirstQuestion(String rule, boolean matches) {
    assertThat(run.match(rule).matches(udp(request("A.test 28", "b.test 1")))).isEqualTo(matches);
  }

  @Test
  void dnsWithRmatchDoesNotSeeWhereALabelBegins() {
    TestRun.Bound match = run.match("dns --qname example.com --rmatch");
    assertThat(match.matches(udp(request("www.example.com 1")))).isTrue();
    assertThat(match.matches(udp(request("badexample.com 1")))).as("as the module").isTrue();
    assertThat(match.matches(udp(request("ample.com 1")))).isFalse();
  }

  @Test
  void dnsDropsWhatIsMalformed() {
    byte[] bad = request("a.test 1");
    bad[12] = (byte) 0xc0;
    assertThat(run.match("dns").drops(udp(bad))).isTrue();
    assertThat(run.match("dns --qr").drops(udp(bad))).as("flags first").isFalse();
    assertThat(run.match("dns").drops(udp(Arrays.copyOf(bad, 11)))).isTrue();
  }

  @Test
  void dnsOverTcpWantsAckAndPshAndAMessageInEachSegment() {
    TestRun.Bound match = run.match("dns --qname a.test");
    byte[] stream = framed(request("a.test 1"));
    assertThat(match.matches(segment(1, stream, 0, stream.length))).isTrue();
    Packet acknowledged = Packets.tcp(A, B).payload(stream).build();
    assertThat(match.matches(acknowledged)).isFalse();
    assertThat(match.drops(segment(1, stream, 0, 9))).isTrue();
  }
}
