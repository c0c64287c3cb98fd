package org.fwreplay.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.fwreplay.packet.AddressText;
import org.junit.jupiter.api.Test;

/** What nf_conntrack_sip finds, and what it does not find though it is there. */
class SipScannerTest {
  private static final String START = "INVITE sip:bob@203.0.113.9:5070;user=phone SIP/2.0\r\n";

  private final SipScanner scanner = new SipScanner();
  private String text;

  @Test
  void aHeaderIsFoundByItsNameInAnyCaseOrItsCompactForm() {
    assertThat(uri(START + "FROM : <sip:a@192.0.2.1:5080>\r\n\r\n", SipHeader.FROM))
        .isEqualTo("192.0.2.1:5080");
    assertThat(uri(START + "f:sip:192.0.2.1\r\n\r\n", SipHeader.FROM)).isEqualTo("192.0.2.1:5060");
    assertThat(uri(START + "From:\r\n  <sip:a@192.0.2.1>\r\n\r\n", SipHeader.FROM))
        .isEqualTo("192.0.2.1:5060");
    assertThat(uri(START + "From: \"x\"\n\t <sip:a@192.0.2.1>\n\n", SipHeader.FROM))
        .isEqualTo("192.0.2.1:5060");
  }

  @Test
  void aHostNameOrALowPortIsNoAddress() {
    assertThat(uri(START + "To: <sip:a@example.org>\r\n\r\n", SipHeader.TO)).isEqualTo("0");
    assertThat(uri(START + "To: <sip:a@192.0.2.1:80>\r\n\r\n", SipHeader.TO)).isEqualTo("0");
    assertThat(uri(START + "To: <sip:a@192.0.2.1:>\r\n\r\n", SipHeader.TO)).isEqualTo("0");
    assertThat(uri(START + "To: sip:192.0.2.1", SipHeader.TO)).as("at the end").isEqualTo("0");
  }

  @Test
  void aLongerNameThatBeginsTheSameEndsTheSearch() {
    String message = START + "Token: x\r\nTo: <sip:a@192.0.2.1>\r\n\r\n";
    assertThat(uri(message, SipHeader.TO)).isEqualTo("0");
    assertThat(uri(message.replace("Token", "Tx"), SipHeader.TO))
        .as("t is the compact form, but a letter follows")
        .isEqualTo("192.0.2.1:5060");
  }

  @Test
  void theTopmostViaOfATransportCounts() {
    String message =
        START
            + "Via: SIP/2.0/TCP 192.0.2.1\r\nv: SIP/2.0/UDP 192.0.2.2:5061;rport=5 , x\r\n"
            + "Via: SIP/2.0/UDP 192.0.2.3;rport=7\r\n\r\n";
    assertThat(uri(message, SipHeader.VIA_UDP)).isEqualTo("192.0.2.2:5061");
    int behind = scanner.matchOffset + scanner.matchLength;
    assertThat(scanner.numberParameter(behind, NatHelper.bytes("RPORT="))).isOne();
    assertThat(scanner.number).isEqualTo(5);
    assertThat(scanner.numberParameter(behind, NatHelper.bytes("TTL="))).isZero();
    assertThat(uri(message, SipHeader.VIA_TCP)).isEqualTo("192.0.2.1:5060");
  }

  @Test
  void contactsAreFoundOneAfterTheOther() {
    look(
        START
            + "Contact: <sip:a@192.0.2.1>;q=1, <sip:b@example.org>, sip:192.0.2.2:5090\r\n"
            + "m: sip:192.0.2.3,\r\n sip:192.0.2.4\r\n\r\n");
    scanner.startList();
    List<String> found = new ArrayList<>();
    while (scanner.nextUri(SipHeader.CONTACT) > 0) {
      found.add(address());
    }
    assertThat(found)
        .as("the first byte of a continuation line is not looked at")
        .containsExactly("192.0.2.1:5060", "192.0.2.2:5090", "192.0.2.3:5060");
  }

  @Test
  void theRequestUriHasAnAddress() {
    look(START);
    assertThat(scanner.requestUri()).isOne();
    assertThat(address()).isEqualTo("203.0.113.9:5070");
    assertThat(match()).isEqualTo("203.0.113.9:5070");
    look("INVITE sip:bob@example.org SIP/2.0\r\n");
    assertThat(scanner.requestUri()).isZero();
  }

  @Test
  void numbersHave32BitsAndElevenDigits() {
    assertThat(number("4294967295 INVITE")).isEqualTo(4294967295L);
    assertThat(number("00000000007")).isEqualTo(7);
    assertThat(number("000000000007")).isEqualTo(-1);
    assertThat(number("4294967296")).isEqualTo(-1);
    assertThat(number("x")).isEqualTo(-1);
  }

  @Test
  void aSessionDescriptionIsReadLineByLine() {
    look(
        START
            + "\r\nv=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.2\r\n"
            + "m=audio 6000 RTP/AVP 0\r\nc=IN IP4 192.0.2.3/127\r\nm=video 6002\r\n");
    assertThat(scanner.sdp(0, SipHeader.SDP_VERSION, null)).isOne();
    int start = scanner.matchOffset;
    assertThat(scanner.sdpConnection(start)).isTrue();
    assertThat(match()).isEqualTo("192.0.2.2");
    assertThat(scanner.sdp(start, SipHeader.SDP_MEDIA, null)).isOne();
    assertThat(match()).isEqualTo("audio 6000");
    int media = scanner.matchOffset;
    assertThat(scanner.sdpConnection(media)).isTrue();
    assertThat(match()).isEqualTo("192.0.2.3");
    assertThat(scanner.sdp(media, SipHeader.SDP_OWNER, SipHeader.SDP_MEDIA)).isZero();
  }

  @Test
  void anIpv6AddressStandsInBracketsInHeadersAndWithoutThemInDescriptions() {
    text = START + "To: <sip:a@[2001:db8::1]:5061>\r\n\r\nc=IN IP6 2001:db8::2\r\n";
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    scanner.set(bytes, 0, bytes.length, true);
    assertThat(scanner.uri(SipHeader.TO)).isOne();
    assertThat(match()).isEqualTo("[2001:db8::1]:5061");
    assertThat(scanner.sdpConnection(0)).isTrue();
    assertThat(AddressText.ipv6(scanner.hi, scanner.lo)).isEqualTo("2001:db8::2");
  }

  private void look(String message) {
    text = message;
    byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
    scanner.set(bytes, 0, bytes.length, false);
  }

  /** Address and port of the first header of a kind that has them, else 0. */
  private String uri(String message, SipHeader header) {
    look(message);
    int found = scanner.uri(header);
    return found > 0 ? address() : "0";
  }

  private String address() {
    return AddressText.ipv4((int) scanner.lo) + ":" + scanner.port;
  }

  private String match() {
    return text.substring(scanner.matchOffset, scanner.matchOffset + scanner.matchLength);
  }

  private long number(String digits) {
    look(digits);
    return scanner.number(0) ? scanner.number : -1;
  }
}
