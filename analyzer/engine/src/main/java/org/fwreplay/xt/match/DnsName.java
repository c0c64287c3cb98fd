package org.fwreplay.xt.match;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.fwreplay.xt.Argument;

/** A domain name as it stands in a DNS question (RFC 1035, section 3.1). */
final class DnsName {
  private static final int MAX_LABEL = 63;

  private DnsName() {}

  /**
   * The wire form of a dotted name: each label behind its length, and the root's empty label.
   *
   * @param name without a final dot
   * @param most how many bytes the wire form may have
   */
  static byte[] wire(Argument argument, String name, int most) {
    String option = "--" + argument.option();
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    byte[] wire = new byte[text.length + 2];
    int at = 0;
    for (String label : name.split("\\.", -1)) {
      byte[] octets = label.getBytes(StandardCharsets.UTF_8);
      if (octets.length == 0) {
        throw argument.fail(option + ": \"" + name + "\" has an empty label");
      }
      if (octets.length > MAX_LABEL) {
        throw argument.fail(
            option + ": label \"" + label + "\" has " + octets.length + " bytes, not 1 to 63");
      }
      for (byte octet : octets) {
        if (octet <= ' ' || octet == '\\' || octet == 0x7f) {
          throw argument.fail(
              option + ": \"" + name + "\": a label has printable ASCII without backslashes");
        }
      }
      wire[at++] = (byte) octets.length;
      System.arraycopy(octets, 0, wire, at, octets.length);
      at += octets.length;
    }
    at++;
    if (at > most) {
      throw argument.fail(
          option
              + ": \""
              + name
              + "\" has "
              + at
              + " bytes on the wire, of which there is room for "
              + most);
    }
    return Arrays.copyOf(wire, at);
  }

  /** A byte with an ASCII capital made small: how names are compared (RFC 4343). */
  static int fold(int octet) {
    return octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
  }
}
