package org.fwreplay.helper;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.fwreplay.packet.Bytes;

/** Messages between clients and UDP trackers (BEP 15); offsets are into the packet's buffer. */
final class UdpTracker {
  private static final long PROTOCOL_ID = 0x41727101980L;
  private static final int CONNECT = 0;
  private static final int ANNOUNCE = 1;
  private static final int CONNECT_LENGTH = 16;
  private static final int ANNOUNCE_LENGTH = 98;
  private static final int ACTION = 8;
  private static final int INFO_HASH = 16;
  private static final int EVENT = 80;
  private static final int ADDRESS = 84;
  private static final int PORT = 96;
  private static final int STOPPED = 3;

  private UdpTracker() {}

  /** A client asks for a connection id. */
  static boolean isConnect(byte[] b, int at, int end) {
    return at + CONNECT_LENGTH <= end
        && Bytes.i64(b, at) == PROTOCOL_ID
        && Bytes.i32(b, at + ACTION) == CONNECT;
  }

  /** A tracker gives a connection id. */
  static boolean isConnected(byte[] b, int at, int end) {
    return at + CONNECT_LENGTH <= end && Bytes.i32(b, at) == CONNECT;
  }

  /** The id that it gives. */
  static long connectionId(byte[] b, int at) {
    return Bytes.i64(b, at + 8);
  }

  /** What a client announces with its connection id, or null. */
  static BitTorrentAnnouncement announcement(byte[] b, int at, int end, long connectionId) {
    if (at + ANNOUNCE_LENGTH > end
        || Bytes.i64(b, at) != connectionId
        || Bytes.i32(b, at + ACTION) != ANNOUNCE
        || Bytes.u16(b, at + PORT) == 0) {
      return null;
    }
    String torrent =
        new String(
            b, at + INFO_HASH, BitTorrentAnnouncement.HASH_LENGTH, StandardCharsets.ISO_8859_1);
    long address = Bytes.u32(b, at + ADDRESS);
    return new BitTorrentAnnouncement(
        Set.of(torrent),
        Bytes.u16(b, at + PORT),
        at + PORT,
        2,
        -1,
        address == 0 ? null : org.fwreplay.packet.AddressText.ipv4((int) address),
        Bytes.i32(b, at + EVENT) == STOPPED);
  }
}
