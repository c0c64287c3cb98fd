package org.fwreplay.parsers;

import java.nio.ByteBuffer;
import org.fwreplay.parsers.DnsParser.MalformedException;

/**
 * Expands the compressed names of one message (RFC 1035, section 4.1.4).
 *
 * <p>A pointer has to lead to before the labels that it ends, so no name can loop; pointers a name,
 * octets a name (RFC 2181, section 11) and the text made of a message are counted.
 */
final class DnsNames {
  private static final int MAX_NAME_OCTETS = 255;
  private static final int MAX_POINTERS = 127;
  private static final int MAX_CHARACTERS = 1 << 17;
  private static final String ESCAPED = ".\\\"();@$";

  private final ByteBuffer message;
  private final StringBuilder text = new StringBuilder();
  private int charactersLeft = MAX_CHARACTERS;

  DnsNames(ByteBuffer message) {
    this.message = message;
  }

  /** The name that begins at {@code start}, as {@link DnsMessage} has it. */
  String expand(int start) {
    text.setLength(0);
    int labels = start;
    int at = start;
    int octets = 1;
    int pointers = 0;
    for (int head = octet(at); head != 0; head = octet(at)) {
      if (head >= 0xc0) {
        int target = (head & 0x3f) << 8 | octet(at + 1);
        if (target >= labels) {
          throw malformed("pointer to " + target + " does not lead backwards", at);
        }
        if (++pointers > MAX_POINTERS) {
          throw malformed("more than " + MAX_POINTERS + " pointers in a name", at);
        }
        labels = target;
        at = target;
      } else if (head < 0x40) {
        octets += head + 1;
        if (octets > MAX_NAME_OCTETS) {
          throw malformed("name is longer than " + MAX_NAME_OCTETS + " octets", at);
        }
        appendLabel(at + 1, head);
        at += head + 1;
      } else {
        throw malformed("label of a reserved kind", at);
      }
    }
    charge(text.length());
    return text.isEmpty() ? "." : text.toString();
  }

  /**
   * Counts text that is made of this message.
   *
   * @param characters how many are about to be made
   */
  void charge(int characters) {
    charactersLeft -= characters;
    if (charactersLeft < 0) {
      throw new MalformedException("names and data have more than " + MAX_CHARACTERS + " letters");
    }
  }

  private void appendLabel(int start, int length) {
    if (!text.isEmpty()) {
      text.append('.');
    }
    for (int i = start; i < start + length; i++) {
      int octet = octet(i);
      if (octet <= ' ' || octet > '~') {
        appendEscaped(text, octet);
      } else {
        if (ESCAPED.indexOf(octet) >= 0) {
          text.append('\\');
        }
        text.append((char) octet);
      }
    }
  }

  /** Appends an octet as backslash and three decimal digits. */
  static void appendEscaped(StringBuilder text, int octet) {
    text.append('\\').append(octet / 100).append(octet / 10 % 10).append(octet % 10);
  }

  private int octet(int at) {
    if (at >= message.limit()) {
      throw malformed("name leaves the message", at);
    }
    return message.get(at) & 0xff;
  }

  private static MalformedException malformed(String reason, int at) {
    return new MalformedException(reason + ", at byte " + at);
  }
}
