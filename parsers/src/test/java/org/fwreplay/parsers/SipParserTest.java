package org.fwreplay.parsers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.fwreplay.parsers.SdpDescription.Media;
import org.fwreplay.parsers.SipMessage.Header;
import org.fwreplay.parsers.SipMessage.RequestLine;
import org.fwreplay.parsers.SipMessage.StatusLine;
import org.junit.jupiter.api.Test;

class SipParserTest {
  @Test
  void aRequestHasItsMethodUriAndHeaders() {
    SipMessage invite = whole(SipText.crlf(SipText.INVITE));

    assertThat(invite.isRequest()).isTrue();
    assertThat(invite.method()).isEqualTo("INVITE");
    assertThat(invite.status()).isZero();
    assertThat(((RequestLine) invite.startLine()).uri().text()).isEqualTo("sip:bob@203.0.113.9");
    assertThat(invite.value("from")).isEqualTo("\"Alice\" <sip:alice@192.168.7.10>;tag=9fxced76sl");
    assertThat(invite.value("Call-ID")).isEqualTo("3848276298220188511@192.168.7.10");
    assertThat(invite.value("Route")).isEmpty();
    assertThat(invite.headers()).hasSize(9);
  }

  @Test
  void aResponseHasTheMethodThatItAnswers() {
    SipMessage ok = whole(SipText.crlf(SipText.FOLDED));

    assertThat(ok.startLine()).isEqualTo(new StatusLine(200, "OK"));
    assertThat(ok.isRequest()).isFalse();
    assertThat(ok.status()).isEqualTo(200);
    assertThat(ok.method()).isEqualTo("INVITE");
  }

  @Test
  void foldedAndCompactHeadersAreReadAlikeWithEitherLineEnd() {
    for (byte[] bytes : new byte[][] {SipText.crlf(SipText.FOLDED), SipText.lf(SipText.FOLDED)}) {
      SipMessage ok = whole(bytes);

      assertThat(ok.headers("via"))
          .extracting(h -> h.value().text())
          .containsExactly(
              "SIP/2.0/UDP 192.168.7.10:5060 ;branch=z9hG4bK74bf9",
              "SIP/2.0/UDP 192.168.7.11:5060");
      assertThat(ok.value("From")).isEqualTo("<sip:alice@192.168.7.10> ;tag=9fxced76sl");
      assertThat(ok.value("To")).isEqualTo("<sip:bob@203.0.113.9>; tag=8321234356");
      assertThat(ok.value("CSeq")).isEqualTo("2   INVITE");
      assertThat(ok.value("Contact")).isEqualTo("<sip:bob@203.0.113.9>");
      assertThat(ok.value("Subject")).isEmpty();
      assertThat(ok.value("Expires")).isEqualTo("60");
    }
  }

  @Test
  void everyNameAndValueSaysWhereItStands() {
    byte[] bytes = SipText.crlf("xx" + SipText.FOLDED);

    SipMessage ok = SipParser.parse(bytes, 2, bytes.length - 2).messages().get(0);

    assertThat(ok.offset()).isEqualTo(2);
    assertThat(ok.length()).isEqualTo(bytes.length - 2);
    for (Header header : ok.headers()) {
      assertThat(at(bytes, header.name())).isEqualTo(header.name().text());
      assertThat(at(bytes, header.value()).replaceAll("\\s*\r\n\\s*", " "))
          .isEqualTo(header.value().text());
    }
  }

  @Test
  void aSessionDescriptionHasItsAddressesAndPorts() {
    byte[] bytes = SipText.crlf(SipText.INVITE);
    SdpDescription sdp = whole(bytes).description().orElseThrow();

    assertThat(sdp.origin().orElseThrow().text()).isEqualTo("192.168.7.10");
    assertThat(sdp.connection().orElseThrow().text()).isEqualTo("192.168.7.10");
    assertThat(sdp.media()).extracting(Media::type).containsExactly("audio", "video", "image");
    assertThat(sdp.media()).extracting(Media::portNumber).containsExactly(6000, 6002, 0);
    assertThat(sdp.media())
        .extracting(m -> sdp.address(m).orElseThrow().text())
        .containsExactly("192.168.7.10", "224.2.1.1", "192.168.7.10");
    for (Media stream : sdp.media()) {
      assertThat(at(bytes, stream.port())).isEqualTo(stream.port().text());
      Located address = sdp.address(stream).orElseThrow();
      assertThat(at(bytes, address)).isEqualTo(address.text());
    }
    assertThat(at(bytes, sdp.origin().orElseThrow())).isEqualTo("192.168.7.10");
  }

  @Test
  void severalMessagesInASegmentAreToldApartByTheirContentLength() {
    byte[] both = SipText.crlf(SipText.FOLDED + "\n" + SipText.INVITE + SipText.FOLDED);

    SipResult result = SipParser.parse(both, 0, both.length);

    assertThat(result.problem()).isEmpty();
    assertThat(result.messages()).extracting(SipMessage::status).containsExactly(200, 0, 200);
    assertThat(result.messages().get(1).description()).isPresent();
  }

  @Test
  void contentLengthIsClampedToWhatIsThere() {
    for (String length : new String[] {"999", "99999999999999999999"}) {
      byte[] bytes = SipText.crlf("BYE sip:a SIP/2.0\nContent-Length: " + length + "\n\nbody");

      SipResult result = SipParser.parse(bytes, 0, bytes.length);

      assertThat(result.messages().get(0).bodyLength()).isEqualTo(4);
      assertThat(result.problem().orElseThrow()).contains("Content-Length " + length, "4 bytes");
    }
    assertThat(problem("BYE sip:a SIP/2.0\nContent-Length: -1\n\nbody")).contains("no number");
    assertThat(whole(SipText.crlf("BYE sip:a SIP/2.0\n\nbody")).bodyLength()).isEqualTo(4);
  }

  @Test
  void whatIsNoSipIsRefused() {
    assertThat(problem("")).contains("no SIP start line", "byte 0");
    assertThat(problem("\n\n")).contains("no SIP start line", "byte 4");
    assertThat(problem("GET / HTTP/1.1\n\n")).contains("no SIP start line");
    assertThat(problem("SIP/2.0 OK\n\n")).contains("no status code");
    assertThat(problem("INVITE SIP/2.0\n\n")).contains("no method, URI and version");
    assertThatThrownBy(() -> SipParser.parse(new byte[5], 3, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aMessageThatIsCutOffKeepsTheHeadersThatAreThere() {
    byte[] bytes = SipText.crlf(SipText.FOLDED);
    int startLine = "SIP/2.0 200".length();
    for (int length = startLine; length < bytes.length; length++) {
      SipResult result = SipParser.parse(bytes, 0, length);

      assertThat(result.messages()).hasSize(1);
      assertThat(result.problem().orElseThrow()).as("%d bytes", length).contains("");
    }
    SipResult result = SipParser.parse(bytes, 0, 100);
    assertThat(result.problem()).hasValue("cut off in the headers, after 100 bytes");
    assertThat(result.messages().get(0).headers("Via")).hasSize(2);
  }

  @Test
  void aHeaderWithoutANameIsLeftOut() {
    String message = "BYE sip:a SIP/2.0\nnonsense\n: empty\nTo: b\n\n";
    byte[] bytes = SipText.lf(message);

    SipResult result = SipParser.parse(bytes, 0, bytes.length);

    assertThat(result.problem()).hasValue("header without a name, at byte 18");
    assertThat(result.messages().get(0).headers()).hasSize(1);
  }

  @Test
  void linesMessagesAndBytesAreCounted() {
    assertThat(problem("BYE sip:a SIP/2.0\n" + "a: b\n".repeat(512) + "\n"))
        .contains("more than 512 lines");
    assertThat(problem("BYE sip:a SIP/2.0\na: b\n" + " c\n".repeat(512) + "\n"))
        .contains("more than 512 lines");
    assertThat(
            problem("BYE sip:a SIP/2.0\nContent-Type: application/sdp\n\n" + "a=b\n".repeat(512)))
        .contains("more than 512 lines");
    assertThat(problem("BYE sip:a SIP/2.0\nl:0\n\n".repeat(65))).contains("more than 64 messages");
    assertThat(problem("x".repeat(70_000))).contains("70000 bytes");
  }

  @Test
  void theLargestPacketsStayWithinTheirBounds() {
    String start = "BYE sip:a SIP/2.0\n";
    for (String message :
        new String[] {
          start + "a: " + "b".repeat(65_000) + "\n\n",
          start + "a: " + " ".repeat(65_000) + "b\n\n",
          start + ("a: " + "b".repeat(100) + "\n").repeat(500) + "\n",
          start + "a: b\n" + (" ".repeat(120) + "\n").repeat(500) + "c: d\n\n",
          (start + "l:0\n\n").repeat(64),
          start + "c: application/sdp\n\n" + ("m=" + " ".repeat(120) + "\n").repeat(500),
          start + "c: application/sdp\n\n" + ("m=a 1 " + "b".repeat(110) + "\n").repeat(500),
        }) {
      byte[] bytes = SipText.lf(message);
      SipResult result =
          Cost.bounded(
              () -> SipParser.parse(bytes, 0, bytes.length), () -> message.substring(0, 60));
      assertThat(result.messages()).isNotEmpty();
    }
  }

  private static SipMessage whole(byte[] bytes) {
    SipResult result = SipParser.parse(bytes, 0, bytes.length);
    assertThat(result.problem()).isEmpty();
    assertThat(result.messages()).hasSize(1);
    return result.messages().get(0);
  }

  private static String problem(String message) {
    byte[] bytes = message.length() > 65_535 ? SipText.lf(message) : SipText.crlf(message);
    return SipParser.parse(bytes, 0, bytes.length).problem().orElseThrow();
  }

  private static String at(byte[] bytes, Located located) {
    byte[] octets =
        Arrays.copyOfRange(bytes, located.offset(), located.offset() + located.length());
    return new String(octets, ISO_8859_1);
  }
}
