package org.fwreplay.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.fwreplay.parsers.SipMessage.Header;
import org.junit.jupiter.api.Test;

/** The SIP parser of pkts.io reads the same headers. */
class SipParserComparisonTest {
  @Test
  void requestsAndResponsesAreReadAlike() throws IOException {
    // Left out are folded lines and blanks before the colon, which pkts.io keeps or refuses. It
    // does
    // not know a compact name by its long form, so both are asked for names as they were sent.
    compare(SipText.INVITE);
    compare(SipText.INVITE.replace("From:", "f:").replace("To:", "t:").replace("Via:", "v:"));
    compare(SipText.INVITE.replaceFirst("INVITE.*\n", "SIP/2.0 183 Session Progress\n"));
    compare(SipText.INVITE.replace("Max-Forwards:", "Via: SIP/2.0/TCP 10.0.0.1\nMax-Forwards:"));
    compare(SipText.INVITE.replaceAll("INVITE", "OPTIONS").replace("From:", "From:    "));
  }

  private static void compare(String text) throws IOException {
    byte[] bytes = SipText.crlf(text);
    SipMessage ours = SipParser.parse(bytes, 0, bytes.length).messages().get(0);
    io.pkts.packet.sip.SipMessage theirs =
        io.pkts.packet.sip.SipMessage.frame(new String(bytes, StandardCharsets.ISO_8859_1));

    assertThat(ours.method()).isEqualTo(theirs.getMethod().toString());
    assertThat(ours.isRequest()).isEqualTo(theirs.isRequest());
    if (theirs.isResponse()) {
      assertThat(ours.status()).isEqualTo(theirs.toResponse().getStatus());
    }
    for (Header header : ours.headers()) {
      String name = header.name().text();
      assertThat(ours.headers())
          .as(name)
          .filteredOn(h -> h.name().text().equals(name))
          .extracting(h -> h.value().text())
          .isEqualTo(theirs.getHeaders(name).stream().map(h -> h.getValue().toString()).toList());
    }
  }
}
