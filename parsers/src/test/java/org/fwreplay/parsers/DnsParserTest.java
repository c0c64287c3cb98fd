package org.fwreplay.parsers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.fwreplay.parsers.DnsMessage.Question;
import org.junit.jupiter.api.Test;

class DnsParserTest {
  private static final byte[] QUERY =
      new DnsBytes()
          .header(0x1234, 0x0100, 1, 0, 0, 1)
          .labels("www", "Example", "com")
          .u2(28, 1)
          .labels()
          .u2(41, 1232)
          .u4(0x0000_8000)
          .u2(12, 10, 8, 1, 2, 3, 4)
          .toBytes();

  private static final byte[] RESPONSE =
      new DnsBytes()
          .header(0x1234, 0x8583, 1, 2, 1, 2)
          .labels("www", "example", "com")
          .u2(1, 1)
          .pointer(12)
          .u2(5, 1)
          .u4(300)
          .u2(6)
          .label("cdn")
          .pointer(16)
          .pointer(45)
          .u2(1, 1)
          .u4(0xffff_ffffL)
          .u2(4)
          .u4(0xc000_0207L)
          .pointer(16)
          .u2(2, 1)
          .u4(60)
          .u2(2)
          .pointer(12)
          .labels()
          .u2(41, 4096)
          .u4(0x0100_0000)
          .u2(0)
          .label("ns")
          .pointer(16)
          .u2(999, 1)
          .u4(60)
          .u2(0)
          .toBytes();

  @Test
  void aQueryHasItsQuestionAndItsEdns() {
    DnsMessage query = whole(QUERY);

    assertThat(query.id()).isEqualTo(0x1234);
    assertThat(query.isResponse()).isFalse();
    assertThat(query.isTruncated()).isFalse();
    assertThat(query.opcode()).isZero();
    assertThat(query.questions()).containsExactly(new Question("www.Example.com", 28, 1));
    assertThat(query.additionals()).isEmpty();
    DnsMessage.Edns edns = query.edns().orElseThrow();
    assertThat(edns.udpPayloadSize()).isEqualTo(1232);
    assertThat(edns.dnssecOk()).isTrue();
    assertThat(edns.version()).isZero();
    assertThat(edns.options()).singleElement().extracting("code").isEqualTo(10);
    assertThat(edns.options().get(0).data()).containsExactly(0, 1, 0, 2, 0, 3, 0, 4);
  }

  @Test
  void aResponseHasItsRecordsInTheirSections() {
    DnsMessage response = whole(RESPONSE);

    assertThat(response.isResponse()).isTrue();
    assertThat(response.rcode()).as("16 by EDNS and 3 by the header").isEqualTo(0x13);
    assertThat(response.answers())
        .extracting("name")
        .containsExactly("www.example.com", "cdn.example.com");
    assertThat(response.answers()).extracting("type").containsExactly(5, 1);
    assertThat(response.answers()).extracting("ttl").containsExactly(300L, 0xffff_ffffL);
    assertThat(response.answers().get(1).data()).containsExactly(192, 0, 2, 7);
    assertThat(response.authorities()).extracting("name").containsExactly("example.com");
    assertThat(response.additionals()).extracting("name").containsExactly("ns.example.com");
    assertThat(response.additionals()).extracting("type").containsExactly(999);
  }

  @Test
  void aMessageIsReadFromTheMiddleOfABuffer() {
    byte[] buf = new byte[RESPONSE.length + 20];
    Arrays.fill(buf, (byte) 0xff);
    System.arraycopy(RESPONSE, 0, buf, 7, RESPONSE.length);

    DnsResult result = DnsParser.parse(buf, 7, RESPONSE.length);

    assertThat(result.problem()).isEmpty();
    assertThat(result.message().orElseThrow().answers())
        .extracting("name")
        .contains("cdn.example.com");
    assertThatThrownBy(() -> DnsParser.parse(buf, 21, RESPONSE.length))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void namesAreEscapedAsInMasterFiles() {
    byte[] odd = {(byte) 0xc3, 0, ' ', '.', '\\', '"', 'A', '~', 127};
    assertThat(nameOf(new DnsBytes().label(new String(odd, ISO_8859_1)).labels("b")))
        .isEqualTo("\\195\\000\\032\\.\\\\\\\"A~\\127.b");
    assertThat(nameOf(new DnsBytes().label("$(a;b)@").labels())).isEqualTo("\\$\\(a\\;b\\)\\@");
    assertThat(nameOf(new DnsBytes().labels())).isEqualTo(".");
  }

  @Test
  void aNameMayHave255OctetsAndNoMore() {
    String l63 = "x".repeat(63);

    String longest = String.join(".", l63, l63, l63, "x".repeat(61));
    assertThat(nameOf(new DnsBytes().labels(longest.split("\\.")))).isEqualTo(longest);
    assertThat(problemOf(new DnsBytes().labels(l63, l63, l63, "x".repeat(62))))
        .contains("longer than 255 octets");
  }

  @Test
  void pointersThatDoNotLeadBackwardsAreRefused() {
    assertThat(problemOf(new DnsBytes().pointer(12)))
        .as("to itself")
        .contains("backwards", "byte 12");
    assertThat(problemOf(new DnsBytes().label("a").pointer(12))).as("loop").contains("backwards");
    assertThat(problemOf(new DnsBytes().label("a").pointer(14))).as("itself").contains("backwards");
    assertThat(problemOf(new DnsBytes().pointer(18))).as("forwards").contains("backwards");
    assertThat(problemOf(new DnsBytes().pointer(0x3fff))).as("outside").contains("backwards");
  }

  @Test
  void labelsOfAReservedKindAreRefused() {
    assertThat(problemOf(new DnsBytes().u2(0x4100))).contains("reserved");
    assertThat(problemOf(new DnsBytes().u2(0x8100))).contains("reserved");
  }

  @Test
  void aChainOfPointersIsCounted() {
    DnsBytes chain = new DnsBytes().header(1, 0, 1, 1, 0, 0).labels("a").u2(1, 1);
    chain.labels().u2(16, 1).u4(0).u2(400);
    int links = chain.size();
    chain.pointer(12);
    for (int i = 1; i < 200; i++) {
      chain.pointer(links + 2 * (i - 1));
    }
    assertThat(withOneMoreRecord(chain, links + 2 * 125).problem()).isEmpty();
    assertThat(withOneMoreRecord(chain, links + 2 * 126).problem().orElseThrow())
        .contains("more than 127 pointers");
  }

  @Test
  void namesTogetherAreBounded() {
    String l63 = "x".repeat(63);
    DnsBytes bytes = new DnsBytes().header(1, 0, 1, 1000, 0, 0).labels(l63, l63, l63, "y").u2(1, 1);
    for (int i = 0; i < 1000; i++) {
      bytes.pointer(12).u2(1, 1).u4(0).u2(0);
    }

    byte[] message = bytes.toBytes();
    DnsResult result =
        Cost.bounded(() -> DnsParser.parse(message, 0, message.length), () -> "1000 names");

    assertThat(result.problem().orElseThrow()).contains("131072 letters");
    assertThat(result.message().orElseThrow().questions()).hasSize(1);
  }

  @Test
  void theLargestMessagesStayWithinTheirBounds() {
    String odd = "\u00e9".repeat(255);
    for (int type : new int[] {16, 99}) {
      DnsBytes bytes = new DnsBytes().header(1, 0, 0, 1, 0, 0).labels().u2(type, 1).u4(0);
      bytes.u2(256 * 250);
      for (int i = 0; i < 250; i++) {
        bytes.label(odd);
      }
      byte[] message = bytes.toBytes();
      Cost.bounded(() -> DnsParser.parse(message, 0, message.length), () -> "type " + type);
    }
    DnsBytes bytes = new DnsBytes().header(1, 0, 0, 1023, 0, 0);
    for (int i = 0; i < 1023; i++) {
      bytes.labels("a", "b", "c", "d", "e").u2(33, 1).u4(0).u2(10, 1, 2, 3).labels("a", "b");
    }
    byte[] message = bytes.toBytes();
    Cost.bounded(() -> DnsParser.parse(message, 0, message.length), () -> "1023 SRV records");
  }

  @Test
  void theQuestionsOfAMessageThatIsCutOffRemain() {
    int endOfQuestion = 12 + 17 + 4;
    for (int length = 0; length < RESPONSE.length; length++) {
      DnsResult result = DnsParser.parse(RESPONSE, 0, length);

      assertThat(result.isWhole()).as("%d bytes", length).isFalse();
      assertThat(result.message().isPresent()).isEqualTo(length >= endOfQuestion);
      result.message().ifPresent(m -> assertThat(m.questions()).hasSize(1));
    }
    assertThat(DnsParser.parse(RESPONSE, 0, 40).problem())
        .hasValue("cut off in the records, after 40 bytes");
  }

  @Test
  void soDoTheRecordsInFrontOfTheCut() {
    int endOfFirst = 12 + 17 + 4 + 18;

    assertThat(answers(endOfFirst - 1)).isEmpty();
    assertThat(answers(endOfFirst)).hasSize(1);
    assertThat(answers(endOfFirst + 16)).hasSize(2);
  }

  private static List<DnsMessage.ResourceRecord> answers(int length) {
    DnsResult result = DnsParser.parse(RESPONSE, 0, length);
    assertThat(result.isWhole()).isFalse();
    return result.message().orElseThrow().answers();
  }

  @Test
  void countsThatCannotBeAreRefused() {
    assertThat(problem(new DnsBytes().header(1, 0, 0xffff, 0, 0, 0))).contains("65535 questions");
    assertThat(problem(new DnsBytes().header(1, 0, 0, 0xffff, 0xffff, 0xffff))).contains("196605");
    assertThat(DnsParser.parse(new byte[70_000], 0, 70_000).problem().orElseThrow())
        .contains("70000 bytes");
  }

  @Test
  void aSecondOptRecordAndABrokenOptionAreRefused() {
    DnsBytes two = new DnsBytes().header(1, 0, 0, 0, 0, 2);
    two.labels().u2(41, 512).u4(0).u2(0).labels().u2(41, 512).u4(0).u2(0);
    assertThat(problem(two)).contains("2 OPT records");
    DnsBytes broken = new DnsBytes().header(1, 0, 0, 0, 0, 1);
    broken.labels().u2(41, 512).u4(0).u2(6, 10, 8, 1).u4(0);
    assertThat(problem(broken)).contains("records");
  }

  @Test
  void dataAreWordedAsInMasterFiles() {
    assertThat(dataOf(1, new DnsBytes().u4(0xc000_02ffL))).isEqualTo("192.0.2.255");
    assertThat(dataOf(28, new DnsBytes().u2(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1)))
        .isEqualTo("2001:db8::1:0:0:1");
    assertThat(dataOf(28, new DnsBytes().u2(0, 0, 0, 0, 0, 0, 0, 0))).isEqualTo("::");
    assertThat(dataOf(28, new DnsBytes().u2(1, 0, 2, 3, 4, 5, 0, 0))).isEqualTo("1:0:2:3:4:5::");
    assertThat(dataOf(2, new DnsBytes().label("ns").pointer(12))).isEqualTo("ns.a");
    assertThat(dataOf(5, new DnsBytes().pointer(12))).isEqualTo("a");
    assertThat(dataOf(12, new DnsBytes().labels("b", "c"))).isEqualTo("b.c");
    assertThat(dataOf(15, new DnsBytes().u2(10).label("mx").pointer(12))).isEqualTo("10 mx.a");
    assertThat(dataOf(16, new DnsBytes().label("a\"b\\").label("\u00e9 z").label("")))
        .isEqualTo("\"a\\\"b\\\\\" \"\\233 z\" \"\"");
    assertThat(dataOf(33, new DnsBytes().u2(1, 2, 5060).labels("sip"))).isEqualTo("1 2 5060 sip");
    assertThat(dataOf(6, new DnsBytes().pointer(12).labels("h").u4(1).u4(2).u4(3).u4(4).u4(5)))
        .isEqualTo("a h 1 2 3 4 5");
  }

  @Test
  void dataThatDoNotFitTheirTypeAreHexadecimal() {
    assertThat(dataOf(1, new DnsBytes().u2(1))).isEqualTo("\\# 2 0001");
    assertThat(dataOf(5, new DnsBytes().pointer(0x3fff))).isEqualTo("\\# 2 ffff");
    assertThat(dataOf(15, new DnsBytes().u2(10))).isEqualTo("\\# 2 000a");
    assertThat(dataOf(16, new DnsBytes().u2(0x0501))).isEqualTo("\\# 2 0501");
    assertThat(dataOf(65, new DnsBytes().u2(1))).isEqualTo("\\# 2 0001");
    assertThat(dataOf(65, new DnsBytes())).isEqualTo("\\# 0");
  }

  @Test
  void theQuestionsBeforeABadNameRemain() {
    String l63 = "x".repeat(63);
    DnsBytes bytes = new DnsBytes().header(1, 0, 3, 0, 0, 0).labels("good").u2(1, 1);
    bytes.labels(l63, l63, l63, l63).u2(1, 1).labels("after").u2(1, 1);

    DnsResult result = DnsParser.parse(bytes.toBytes(), 0, bytes.size());

    assertThat(result.problem().orElseThrow()).contains("longer than 255 octets");
    assertThat(result.message().orElseThrow().questions())
        .containsExactly(new Question("good", 1, 1));
  }

  @Test
  void aMessageOnTcpIsFramedByItsLength() {
    byte[] stream = new DnsBytes().u2(QUERY.length).toBytes();
    stream = Arrays.copyOf(stream, 2 + QUERY.length);
    System.arraycopy(QUERY, 0, stream, 2, QUERY.length);

    assertThat(DnsParser.framedLength(stream, 0, stream.length)).isEqualTo(QUERY.length);
    assertThat(DnsParser.framedLength(stream, 0, stream.length - 1)).isEqualTo(-1);
    assertThat(DnsParser.framedLength(stream, 0, 1)).isEqualTo(-1);
    assertThat(DnsParser.framedLength(stream, 0, 0)).isEqualTo(-1);
    assertThat(DnsParser.parse(stream, 2, QUERY.length).isWhole()).isTrue();
  }

  @Test
  void typesHaveTheirNames() {
    assertThat(DnsType.name(28)).isEqualTo("AAAA");
    assertThat(DnsType.name(65)).isEqualTo("HTTPS");
    assertThat(DnsType.name(4711)).isEqualTo("TYPE4711");
  }

  private static DnsMessage whole(byte[] bytes) {
    DnsResult result = DnsParser.parse(bytes, 0, bytes.length);
    assertThat(result.problem()).isEmpty();
    return result.message().orElseThrow();
  }

  private static DnsResult asked(DnsBytes name) {
    byte[] question = name.u2(1, 1).toBytes();
    byte[] message =
        Arrays.copyOf(new DnsBytes().header(1, 0, 1, 0, 0, 0).toBytes(), 12 + question.length);
    System.arraycopy(question, 0, message, 12, question.length);
    return DnsParser.parse(message, 0, message.length);
  }

  private static String dataOf(int type, DnsBytes data) {
    byte[] bytes = data.toBytes();
    DnsBytes start = new DnsBytes().header(1, 0x8000, 1, 1, 0, 0).labels("a").u2(1, 1);
    byte[] record = start.pointer(12).u2(type, 1).u4(0).u2(bytes.length).toBytes();
    byte[] message = Arrays.copyOf(record, record.length + bytes.length);
    System.arraycopy(bytes, 0, message, record.length, bytes.length);
    return whole(message).answers().get(0).text();
  }

  private static String nameOf(DnsBytes name) {
    return asked(name).message().orElseThrow().questions().get(0).name();
  }

  private static String problemOf(DnsBytes name) {
    return asked(name).problem().orElseThrow();
  }

  private static String problem(DnsBytes message) {
    return DnsParser.parse(message.toBytes(), 0, message.size()).problem().orElseThrow();
  }

  private static DnsResult withOneMoreRecord(DnsBytes chain, int target) {
    byte[] record = new DnsBytes().pointer(target).u2(1, 1).u4(0).u2(0).toBytes();
    byte[] message = Arrays.copyOf(chain.toBytes(), chain.size() + record.length);
    System.arraycopy(record, 0, message, chain.size(), record.length);
    message[7] = 2;
    return DnsParser.parse(message, 0, message.length);
  }
}
