package org.fwreplay.helper;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.AddressText;

/**
 * What a BitTorrent client says of the port it listens at. Offsets are into the packet's buffer.
 *
 * @param torrents info hashes of 20 bytes, a char each
 * @param port 1 to 65535
 * @param portAt where the port stands, {@code portLength} bytes long
 * @param lengthAt where the 4-byte length of the message stands that the port is in; -1 for none
 * @param address that the client says it has, or null
 * @param stopped whether it listens no longer for these torrents
 */
record BitTorrentAnnouncement(
    Set<String> torrents,
    int port,
    int portAt,
    int portLength,
    int lengthAt,
    String address,
    boolean stopped) {
  static final int HASH_LENGTH = 20;

  private static final int MAX_LOCAL = 1400;
  private static final int HANDSHAKE_LENGTH = 68;
  private static final int HANDSHAKE_HASH = 28;
  private static final int MAX_DIGITS = 5;
  private static final byte[] GET = NatHelper.bytes("GET ");
  private static final byte[] HTTP = NatHelper.bytes(" HTTP/1.");
  private static final byte[] PROTOCOL = NatHelper.bytes("\023BitTorrent protocol");
  private static final byte[] SEARCH = NatHelper.bytes("BT-SEARCH * HTTP/1.1\r\n");

  /** An extended message (20) that is a handshake (0): a dictionary follows. */
  private static final byte[] EXTENDED = {20, 0, 'd'};

  /** The key of the client's own port in it. */
  private static final byte[] OWN_PORT = NatHelper.bytes("1:pi");

  /** Whether the client speaks for itself: it names no other address than its own. */
  boolean isFrom(Tuple original) {
    return address == null
        || address.equals(AddressText.of(original.ipv6, original.sourceHi, original.sourceLo));
  }

  // -- HTTP trackers -----------------------------------------------------------------------------

  /** A whole request to a tracker (BEP 3, 23), or null. */
  static BitTorrentAnnouncement http(byte[] b, int from, int end) {
    if (from + GET.length > end || !Text.startsWith(b, from, GET)) {
      return null;
    }
    int query = Text.indexOf(b, from, end, '?') + 1;
    int behind = Text.indexOf(b, from, end, HTTP);
    if (query == 0 || behind < query) {
      return null;
    }
    return query(b, query, behind);
  }

  private static BitTorrentAnnouncement query(byte[] b, int from, int behind) {
    String torrent = null;
    String address = null;
    boolean stopped = false;
    int portAt = 0;
    int portEnd = 0;
    for (int at = from; at < behind; ) {
      int next = Text.indexOf(b, at, behind, '&');
      int stop = next < 0 ? behind : next;
      int equals = Text.indexOf(b, at, stop, '=');
      if (equals >= 0) {
        String key = latin1(b, at, equals);
        switch (key) {
          case "info_hash" -> torrent = unescape(latin1(b, equals + 1, stop));
          case "event" -> stopped = latin1(b, equals + 1, stop).equals("stopped");
          case "ip" -> address = unescape(latin1(b, equals + 1, stop));
          case "port" -> {
            portAt = equals + 1;
            portEnd = stop;
          }
          default -> {
            // Of no interest: peer_id, uploaded, downloaded, left, compact and others.
          }
        }
      }
      at = stop + 1;
    }
    int port = port(b, portAt, portEnd);
    if (torrent == null || torrent.length() != HASH_LENGTH || port < 0) {
      return null;
    }
    return new BitTorrentAnnouncement(
        Set.of(torrent), port, portAt, portEnd - portAt, -1, address, stopped);
  }

  private static String latin1(byte[] b, int from, int to) {
    return new String(b, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** The port that the digits in {@code [from, to)} are, -1 where they are none. */
  private static int port(byte[] b, int from, int to) {
    int length = to - from;
    if (length < 1 || length > MAX_DIGITS || Text.skipDigits(b, from, to) != to) {
      return -1;
    }
    long port = Text.number(b, from, to);
    return port >= 1 && port <= 65_535 ? (int) port : -1;
  }

  /** Percent encoding undone (RFC 3986); what is malformed stays as it is. */
  private static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean escaped =
          c == '%'
              && i + 2 < text.length()
              && Character.digit(text.charAt(i + 1), 16) >= 0
              && Character.digit(text.charAt(i + 2), 16) >= 0;
      if (escaped) {
        out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  // -- peers -------------------------------------------------------------------------------------

  /** The torrent that a peer's handshake names (BEP 3), or null. */
  static String handshake(byte[] b, int from, int end) {
    return from + HANDSHAKE_LENGTH <= end && Text.startsWith(b, from, PROTOCOL)
        ? latin1(b, from + HANDSHAKE_HASH, from + HANDSHAKE_HASH + HASH_LENGTH)
        : null;
  }

  /** The port in a peer's extended handshake (BEP 10), or null. */
  static BitTorrentAnnouncement extended(byte[] b, int from, int end, String torrent) {
    int message = Text.indexOf(b, from + 4, end, EXTENDED);
    int key = message < 0 ? -1 : Text.indexOf(b, message, end, OWN_PORT);
    if (key < 0) {
      return null;
    }
    int digits = key + OWN_PORT.length;
    int behind = Text.skipDigits(b, digits, end);
    int port = port(b, digits, behind);
    if (port < 0 || behind == end || b[behind] != 'e') {
      return null;
    }
    return new BitTorrentAnnouncement(
        Set.of(torrent), port, digits, behind - digits, message - 4, null, false);
  }

  // -- local peer discovery ----------------------------------------------------------------------

  /** A message to all in the local network (BEP 14), or null. */
  static BitTorrentAnnouncement local(byte[] b, int from, int end) {
    boolean search =
        end - from <= MAX_LOCAL && from + SEARCH.length <= end && Text.startsWith(b, from, SEARCH);
    if (!search) {
      return null;
    }
    Set<String> torrents = new HashSet<>();
    int port = -1;
    for (String line : latin1(b, from + SEARCH.length, end).split("\r\n")) {
      String[] parts = line.split(":", 2);
      String value = parts.length < 2 ? "" : parts[1].strip();
      switch (parts[0].toLowerCase(Locale.ROOT)) {
        case "port" -> {
          byte[] digits = value.getBytes(StandardCharsets.ISO_8859_1);
          port = port(digits, 0, digits.length);
        }
        case "infohash" -> {
          if (value.matches("[0-9a-fA-F]{40}")) {
            torrents.add(unescape(value.replaceAll("..", "%$0")));
          }
        }
        default -> {
          // Of no interest: Host, cookie.
        }
      }
    }
    return port < 0 || torrents.isEmpty()
        ? null
        : new BitTorrentAnnouncement(torrents, port, 0, 0, -1, null, false);
  }
}
