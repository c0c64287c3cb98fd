package org.fwreplay.parsers;

import java.util.List;
import java.util.Optional;

/**
 * The parts of a session description (RFC 4566) that say where media flow.
 *
 * @param origin the address in {@code o=}
 * @param connection the address in the session's {@code c=}
 * @param media one for each {@code m=}
 */
public record SdpDescription(
    Optional<Located> origin, Optional<Located> connection, List<Media> media) {

  /**
   * One {@code m=} line and the {@code c=} line below it.
   *
   * @param type audio, video, image and so on
   * @param port the port as sent, digits or not
   * @param protocol RTP/AVP and so on
   * @param connection the address in its own {@code c=}
   */
  public record Media(String type, Located port, String protocol, Optional<Located> connection) {

    /** The port as a number, 0 if it is none; a stream with port 0 is refused or on hold. */
    public int portNumber() {
      return Decimal.parse(port.text(), 0xffff, 0);
    }
  }

  /**
   * The address that a stream is to be sent to: its own, or the session's.
   *
   * @param stream one of {@link #media()}
   */
  public Optional<Located> address(Media stream) {
    return stream.connection().or(() -> connection);
  }
}
