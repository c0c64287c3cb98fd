package org.fwreplay.parsers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fwreplay.parsers.SdpDescription.Media;
import org.fwreplay.parsers.sip.Sip;

/** Picks the addresses and ports out of the lines of a session description. */
final class SdpReader {
  private final int base;
  private Optional<Located> origin = Optional.empty();
  private Optional<Located> connection = Optional.empty();
  private final List<Media> media = new ArrayList<>();

  private SdpReader(int base) {
    this.base = base;
  }

  /**
   * Reads a description.
   *
   * @param base where it begins in the buffer
   */
  static SdpDescription read(Sip.Description description, int base) {
    SdpReader reader = new SdpReader(base);
    for (Sip.Line line : description.fields()) {
      byte[] octets = line.octets();
      if (octets.length > 2 && octets[1] == '=') {
        reader.field(octets[0], line);
      }
    }
    return new SdpDescription(reader.origin, reader.connection, List.copyOf(reader.media));
  }

  private void field(byte letter, Sip.Line line) {
    switch (letter) {
      case 'o' -> {
        // user, session id, session version, IN, IP4 or IP6, address
        if (origin.isEmpty() && media.isEmpty()) {
          origin = word(line, 5);
        }
      }
      case 'c' -> word(line, 2).map(SdpReader::withoutTtl).ifPresent(this::connection);
      case 'm' -> media(line);
      default -> {}
    }
  }

  private void connection(Located address) {
    if (media.isEmpty()) {
      connection = connection.or(() -> Optional.of(address));
      return;
    }
    int last = media.size() - 1;
    Media stream = media.get(last);
    if (stream.connection().isEmpty()) {
      media.set(
          last, new Media(stream.type(), stream.port(), stream.protocol(), Optional.of(address)));
    }
  }

  private void media(Sip.Line line) {
    Optional<Located> type = word(line, 0);
    Optional<Located> port = word(line, 1).map(p -> upTo('/', p));
    if (type.isPresent() && port.isPresent()) {
      String protocol = word(line, 2).map(Located::text).orElse("");
      media.add(new Media(type.get().text(), port.get(), protocol, Optional.empty()));
    }
  }

  /** A multicast address has its TTL and a count behind slashes. */
  private static Located withoutTtl(Located address) {
    return upTo('/', address);
  }

  private static Located upTo(char end, Located word) {
    int length = word.text().indexOf(end);
    return length < 0 ? word : new Located(word.text().substring(0, length), word.offset(), length);
  }

  /** The word of a field with this index, counted from 0, words being parted by single spaces. */
  private Optional<Located> word(Sip.Line line, int index) {
    byte[] octets = line.octets();
    int end = octets.length;
    if (octets[end - 1] == '\r') {
      end--;
    }
    int start = 2;
    for (int skipped = 0; skipped < index; skipped++) {
      while (start < end && octets[start] != ' ') {
        start++;
      }
      start++;
    }
    int stop = start;
    while (stop < end && octets[stop] != ' ') {
      stop++;
    }
    if (stop <= start) {
      return Optional.empty();
    }
    String text = new String(octets, start, stop - start, ISO_8859_1);
    return Optional.of(new Located(text, base + line.ofsLine() + start, stop - start));
  }
}
