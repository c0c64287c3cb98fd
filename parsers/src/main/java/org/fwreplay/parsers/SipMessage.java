package org.fwreplay.parsers;

import java.util.List;
import java.util.Optional;

/**
 * A SIP message (RFC 3261, section 7).
 *
 * @param offset its first octet, counted from the start of the buffer it was read from
 * @param length in octets, body included
 * @param startLine what is asked or answered
 * @param headers in the order they were sent in
 * @param bodyOffset where the body begins, counted as {@code offset}
 * @param bodyLength in octets: what Content-Length says, no more than there is
 * @param description the session description in the body, if it has one
 */
public record SipMessage(
    int offset,
    int length,
    StartLine startLine,
    List<Header> headers,
    int bodyOffset,
    int bodyLength,
    Optional<SdpDescription> description) {

  /** The first line of a message. */
  public sealed interface StartLine permits RequestLine, StatusLine {}

  /**
   * The first line of a request.
   *
   * @param method as sent, methods are told apart by case
   * @param uri whom the request is for
   */
  public record RequestLine(String method, Located uri) implements StartLine {}

  /**
   * The first line of a response.
   *
   * @param status 100 to 699, in a hostile message any three digits
   * @param reason for people, may be empty
   */
  public record StatusLine(int status, String reason) implements StartLine {}

  /**
   * One header line with the lines that continue it.
   *
   * @param name as sent, maybe the compact form
   * @param value without the white space around it
   */
  public record Header(Located name, Located value) {

    /** The long form of the name, in the case of RFC 3261 where it was sent compact. */
    public String longName() {
      return SipNames.longForm(name.text());
    }
  }

  /** Whether this asks for something. */
  public boolean isRequest() {
    return startLine instanceof RequestLine;
  }

  /** The method of a request, or that of the request that a response answers (CSeq); else empty. */
  public String method() {
    if (startLine instanceof RequestLine request) {
      return request.method();
    }
    String cseq = value("CSeq");
    return cseq.substring(cseq.lastIndexOf(' ') + 1);
  }

  /** The status of a response, 0 for a request. */
  public int status() {
    return startLine instanceof StatusLine line ? line.status() : 0;
  }

  /**
   * All headers of one name, in compact form or not.
   *
   * @param longName the long form, in any case
   */
  public List<Header> headers(String longName) {
    return headers.stream().filter(h -> h.longName().equalsIgnoreCase(longName)).toList();
  }

  /**
   * The value of the first header of one name, empty if there is none.
   *
   * @param longName the long form, in any case
   */
  public String value(String longName) {
    for (Header header : headers) {
      if (header.longName().equalsIgnoreCase(longName)) {
        return header.value().text();
      }
    }
    return "";
  }
}
