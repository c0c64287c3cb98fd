package org.fwreplay.parsers;

/** Compact forms of header names (IANA, SIP parameters, header fields). */
final class SipNames {
  private SipNames() {}

  /** The long form of a header name; a name that is no compact form comes back as it is. */
  static String longForm(String name) {
    return name.length() != 1 ? name : longForm(name, name.charAt(0) | 0x20);
  }

  private static String longForm(String name, int letter) {
    return switch (letter) {
      case 'a' -> "Accept-Contact";
      case 'b' -> "Referred-By";
      case 'c' -> "Content-Type";
      case 'd' -> "Request-Disposition";
      case 'e' -> "Content-Encoding";
      case 'f' -> "From";
      case 'i' -> "Call-ID";
      case 'j' -> "Reject-Contact";
      case 'k' -> "Supported";
      case 'l' -> "Content-Length";
      case 'm' -> "Contact";
      case 'n' -> "Identity-Info";
      case 'o' -> "Event";
      case 'r' -> "Refer-To";
      case 's' -> "Subject";
      case 't' -> "To";
      case 'u' -> "Allow-Events";
      case 'v' -> "Via";
      case 'x' -> "Session-Expires";
      case 'y' -> "Identity";
      default -> name;
    };
  }
}
