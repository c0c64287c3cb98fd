package org.fwreplay.parsers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kaitai.struct.ByteBufferKaitaiStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.fwreplay.parsers.SipMessage.Header;
import org.fwreplay.parsers.SipMessage.RequestLine;
import org.fwreplay.parsers.SipMessage.StartLine;
import org.fwreplay.parsers.SipMessage.StatusLine;
import org.fwreplay.parsers.sip.Sip;

/**
 * Reads SIP messages from bytes that nobody vouches for, in bounded time and memory.
 *
 * <p>Whatever the bytes are, the outcome is a {@link SipResult}. It is lenient as reports want it;
 * what a NAT helper takes for a header is decided by the helper's own scan.
 */
public final class SipParser {
  private static final int MAX_LENGTH = 0xffff;
  private static final int MAX_MESSAGES = 64;
  private static final int MAX_LINES = 512;
  private static final String VERSION = "SIP/2.0";

  private final byte[] buf;
  private final int end;
  private int at;
  private int linesLeft = MAX_LINES;
  private final List<SipMessage> messages = new ArrayList<>(1);
  private Optional<String> problem = Optional.empty();

  private SipParser(byte[] buf, int offset, int length) {
    this.buf = buf;
    this.at = offset;
    this.end = offset + length;
  }

  /**
   * Reads the messages of a datagram or a segment.
   *
   * @param buf holds them
   * @param offset where the first one begins; empty lines before a message are skipped
   * @param length how many bytes there are
   * @throws IndexOutOfBoundsException if this is not a part of {@code buf}
   */
  public static SipResult parse(byte[] buf, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buf.length);
    SipParser parser = new SipParser(buf, offset, length);
    try {
      parser.readAll();
    } catch (MalformedException e) {
      parser.trouble(e.getMessage());
    } catch (RuntimeException | StackOverflowError e) {
      parser.trouble("malformed message, at byte " + parser.at);
    }
    return new SipResult(List.copyOf(parser.messages), parser.problem);
  }

  private void readAll() {
    if (end - at > MAX_LENGTH) {
      throw malformed((end - at) + " bytes are more than a packet can have", at);
    }
    skipEmptyLines();
    do {
      readMessage();
      skipEmptyLines();
    } while (at < end && messages.size() < MAX_MESSAGES);
    if (at < end) {
      throw malformed("more than " + MAX_MESSAGES + " messages in a packet", at);
    }
  }

  private void skipEmptyLines() {
    while (at < end && (buf[at] == '\r' || buf[at] == '\n')) {
      at++;
    }
  }

  private void readMessage() {
    int start = at;
    checkStartLine();
    Sip head = new Sip(new ByteBufferKaitaiStream(slice(start, headEnd())));
    StartLine startLine = startLine(head.startLine(), start);
    List<Header> headers = headers(head, start);
    int bodyStart = start + head.ofsBody();
    int bodyLength = bodyLength(headers, bodyStart);
    Optional<SdpDescription> description = description(headers, bodyStart, bodyLength);
    at = bodyStart + bodyLength;
    messages.add(
        new SipMessage(start, at - start, startLine, headers, bodyStart, bodyLength, description));
  }

  /** Costs next to nothing, and spares what is no SIP message the generated parser. */
  private void checkStartLine() {
    int line = at;
    while (line < end && buf[line] != '\n') {
      line++;
    }
    if (line > at && buf[line - 1] == '\r') {
      line--;
    }
    if (!isVersion(at) && !isVersion(line - VERSION.length())) {
      throw malformed("no SIP start line", at);
    }
  }

  private boolean isVersion(int start) {
    if (start < at || start + VERSION.length() > end) {
      return false;
    }
    for (int i = 0; i < VERSION.length(); i++) {
      int octet = buf[start + i];
      if (octet != VERSION.charAt(i) && (octet & ~0x20) != VERSION.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Where the head ends: behind the empty line, or with the input. Counts the lines. */
  private int headEnd() {
    int line = at;
    for (int i = at; i < end; i++) {
      if (buf[i] == '\n') {
        countLine();
        if (i == line || i == line + 1 && buf[line] == '\r') {
          return i + 1;
        }
        line = i + 1;
      }
    }
    trouble("cut off in the headers, after " + (end - at) + " bytes");
    return end;
  }

  private void countLine() {
    if (--linesLeft < 0) {
      throw malformed("more than " + MAX_LINES + " lines", at);
    }
  }

  private StartLine startLine(Sip.Line line, int start) {
    String text = text(line);
    int first = text.indexOf(' ');
    if (text.toUpperCase(Locale.ROOT).startsWith(VERSION)) {
      int status = first < 0 ? -1 : Decimal.parse(text.substring(first + 1), 999, -1);
      if (status < 0) {
        throw malformed("no status code", start);
      }
      int reason = text.indexOf(' ', first + 1);
      return new StatusLine(status, reason < 0 ? "" : text.substring(reason + 1));
    }
    int last = text.lastIndexOf(' ');
    if (first <= 0 || last <= first) {
      throw malformed("no method, URI and version", start);
    }
    Located uri = new Located(text.substring(first + 1, last), start + first + 1, last - first - 1);
    return new RequestLine(text.substring(0, first), uri);
  }

  private List<Header> headers(Sip head, int start) {
    if (head.headers() == null) {
      return List.of();
    }
    List<Header> headers = new ArrayList<>(head.headers().size());
    for (Sip.Header header : head.headers()) {
      if (!header.isEnd()) {
        header(header, start).ifPresent(headers::add);
      }
    }
    return List.copyOf(headers);
  }

  private Optional<Header> header(Sip.Header header, int start) {
    int offset = start + header.lines().get(0).ofsLine();
    String first = text(header.lines().get(0));
    int colon = first.indexOf(':');
    int nameEnd = colon;
    while (nameEnd > 0 && isBlank(first.charAt(nameEnd - 1))) {
      nameEnd--;
    }
    if (nameEnd <= 0) {
      trouble("header without a name, at byte " + offset);
      return Optional.empty();
    }
    Located name = new Located(first.substring(0, nameEnd), offset, nameEnd);
    Sip.Line last = header.lines().get(header.lines().size() - 1);
    int stop = start + last.ofsLine() + last.octets().length;
    boolean folded = header.lines().size() > 1;
    return Optional.of(new Header(name, value(offset + colon + 1, stop, folded)));
  }

  /** From the first to the last octet that is no white space. */
  private Located value(int start, int stop, boolean folded) {
    int from = start;
    while (from < stop && isSpace(buf[from])) {
      from++;
    }
    int to = stop;
    while (to > from && isSpace(buf[to - 1])) {
      to--;
    }
    String text = new String(buf, from, to - from, ISO_8859_1);
    return new Located(folded ? unfold(text) : text, from, to - from);
  }

  /** A line's end and the white space around it become one space. */
  private static String unfold(String text) {
    StringBuilder line = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      int start = i;
      boolean lineEnds = false;
      while (i < text.length() && isSpace((byte) text.charAt(i))) {
        lineEnds |= text.charAt(i) == '\n';
        i++;
      }
      if (lineEnds) {
        line.append(' ');
      } else {
        line.append(text, start, i);
      }
      if (i < text.length()) {
        line.append(text.charAt(i++));
      }
    }
    return line.toString();
  }

  private int bodyLength(List<Header> headers, int bodyStart) {
    int available = end - bodyStart;
    for (Header header : headers) {
      if (header.longName().equalsIgnoreCase("Content-Length")) {
        int length = Decimal.parse(header.value().text(), MAX_LENGTH + 1, -1);
        if (length < 0) {
          trouble("Content-Length is no number, at byte " + header.value().offset());
          return available;
        }
        if (length > available) {
          trouble("Content-Length " + header.value() + ", but " + available + " bytes are there");
        }
        return Math.min(length, available);
      }
    }
    return available;
  }

  private Optional<SdpDescription> description(List<Header> headers, int start, int length) {
    if (length == 0 || !isDescription(headers)) {
      return Optional.empty();
    }
    for (int i = start; i < start + length; i++) {
      if (buf[i] == '\n') {
        countLine();
      }
    }
    ByteBufferKaitaiStream body = new ByteBufferKaitaiStream(slice(start, start + length));
    return Optional.of(SdpReader.read(new Sip.Description(body), start));
  }

  private static boolean isDescription(List<Header> headers) {
    for (Header header : headers) {
      if (header.longName().equalsIgnoreCase("Content-Type")) {
        String type = "application/sdp";
        return header.value().text().regionMatches(true, 0, type, 0, type.length());
      }
    }
    return false;
  }

  private ByteBuffer slice(int from, int to) {
    return ByteBuffer.wrap(buf, from, to - from).slice();
  }

  private static String text(Sip.Line line) {
    byte[] octets = line.octets();
    int length = octets.length;
    return new String(
        octets, 0, length > 0 && octets[length - 1] == '\r' ? length - 1 : length, ISO_8859_1);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isSpace(byte octet) {
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
  }

  private void trouble(String what) {
    problem = problem.or(() -> Optional.of(what));
  }

  private static MalformedException malformed(String reason, int at) {
    return new MalformedException(reason + ", at byte " + at);
  }

  /** Ends the reading of a packet, for a reason that can be told. */
  private static final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedException(String reason) {
      super(reason, null, false, false);
    }
  }
}
