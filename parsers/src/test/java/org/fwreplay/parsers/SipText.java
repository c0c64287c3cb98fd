package org.fwreplay.parsers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** SIP messages to read. */
final class SipText {
  static final String DESCRIPTION =
      """
      v=0
      o=alice 53655765 2353687637 IN IP4 192.168.7.10
      s=-
      c=IN IP4 192.168.7.10
      t=0 0
      m=audio 6000 RTP/AVP 0 101
      a=rtpmap:0 PCMU/8000
      m=video 6002/2 RTP/AVP 34
      c=IN IP4 224.2.1.1/127/3
      m=image 0 udptl t38
      """;

  static final String INVITE =
      """
      INVITE sip:bob@203.0.113.9 SIP/2.0
      Via: SIP/2.0/UDP 192.168.7.10:5060;branch=z9hG4bK74bf9;rport
      Max-Forwards: 70
      From: "Alice" <sip:alice@192.168.7.10>;tag=9fxced76sl
      To: Bob <sip:bob@203.0.113.9>
      Call-ID: 3848276298220188511@192.168.7.10
      CSeq: 2 INVITE
      Contact: <sip:alice@192.168.7.10:5060>
      Content-Type: application/sdp
      Content-Length: %d

      %s"""
          .formatted(DESCRIPTION.length() + 10, DESCRIPTION);

  static final String FOLDED =
      """
      SIP/2.0 200 OK
      v: SIP/2.0/UDP 192.168.7.10:5060 ;branch=z9hG4bK74bf9
      V: SIP/2.0/UDP 192.168.7.11:5060
      f : <sip:alice@192.168.7.10>
      \t;tag=9fxced76sl
      t: <sip:bob@203.0.113.9>;
          tag=8321234356
      i: 3848276298220188511@192.168.7.10
      CSEQ:2   INVITE
      m:<sip:bob@203.0.113.9>
      Subject:
      Expires:   60\s\s
      l: 0

      """;

  private SipText() {}

  /** The message with the line ends of the RFC. */
  static byte[] crlf(String message) {
    return message.replace("\n", "\r\n").getBytes(ISO_8859_1);
  }

  /** The message as it stands. */
  static byte[] lf(String message) {
    return message.getBytes(ISO_8859_1);
  }
}
