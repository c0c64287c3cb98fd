package org.fwreplay.xt.match;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;

/**
 * How a SYN of an operating system looks: a line of {@code pf.os} ({@code
 * window:ttl:df:length:options:genre:version:subtype:details}), as {@code nfnl_osf} reads it and
 * nfnetlink_osf compares it.
 *
 * @param window how the window is told
 * @param factor what the window is, or is a multiple of
 * @param ttl that the system starts with
 * @param dontFragment whether DF is set
 * @param length of the packet
 * @param kinds of its TCP options in their order
 * @param genre the system's name
 */
record OsFingerprint(
    Window window,
    int factor,
    int ttl,
    boolean dontFragment,
    int length,
    int[] kinds,
    String genre) {

  /** What a window is compared with. */
  enum Window {
    PLAIN,
    OF_MSS,
    OF_MTU,
    MODULO
  }

  private static final int FIELDS = 9;
  private static final int NOP = 1;
  private static final int MSS = 2;

  /** An MSS that modems lower to {@link #MODEM_MSS}. */
  private static final int USUAL_MSS = 1460;

  private static final int MODEM_MSS = 1448;
  private static final int HEADERS = 40;
  private static final int MAX_GENRE = 31;

  /** Letters of options, with kind and length. */
  private static final String LETTERS = "ENMWST";

  private static final int[] KINDS = {0, 1, 2, 3, 4, 8};
  private static final int[] LENGTHS = {1, 1, 4, 3, 2, 10};

  /** All fingerprints of a text; lines that are none are left out, as there. */
  static List<OsFingerprint> read(String text) {
    List<OsFingerprint> all = new ArrayList<>();
    for (String line : text.split("\n")) {
      String[] fields = line.split(":", -1);
      if (!line.startsWith("#") && fields.length == FIELDS) {
        all.add(of(fields));
      }
    }
    return all;
  }

  private static OsFingerprint of(String[] fields) {
    String wss = fields[0];
    Window window =
        switch (wss.isEmpty() ? ' ' : wss.charAt(0)) {
          case 'S' -> Window.OF_MSS;
          case 'T' -> Window.OF_MTU;
          case '%' -> Window.MODULO;
          default -> Window.PLAIN;
        };
    String genre = fields[5].replaceFirst("^[@*]", "");
    return new OsFingerprint(
        window,
        number(wss.replaceFirst("^(S%|T%|S|T|%)", "")),
        number(fields[1]) & 0xff,
        number(fields[2]) != 0,
        number(fields[3]) & 0xffff,
        kinds(fields[4]),
        genre.substring(0, Math.min(genre.length(), MAX_GENRE)));
  }

  /** The digits that a text begins with; 0 for none. */
  private static int number(String text) {
    int value = 0;
    for (int i = 0; i < text.length() && Character.isDigit(text.charAt(i)); i++) {
      value = value * 10 + text.charAt(i) - '0';
    }
    return value;
  }

  private static int[] kinds(String options) {
    List<Integer> kinds = new ArrayList<>();
    for (String option : options.split(",")) {
      int letter = option.isEmpty() ? -1 : LETTERS.indexOf(option.charAt(0));
      if (letter >= 0) {
        kinds.add(letter);
      }
    }
    return kinds.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Whether a packet is a SYN with all of its TCP header. */
  static boolean isSyn(Packet packet) {
    int at = packet.network + packet.ipv4HeaderLength();
    return packet.has(at, Tcp.MIN_LENGTH)
        && (packet.u8(at + Tcp.FLAGS) & Tcp.SYN) != 0
        && packet.has(at, Math.max(Tcp.MIN_LENGTH, headerLength(packet, at)));
  }

  private static int headerLength(Packet packet, int tcp) {
    return (packet.u8(tcp + Tcp.DATA_OFFSET) >> 4) * 4;
  }

  /**
   * Whether a SYN looks like this.
   *
   * @param ttlCheck 0: the TTL is the system's own; 1: not more than that; 2: any
   */
  boolean matches(Packet packet, int ttlCheck) {
    boolean df = (packet.u16(packet.network + Ipv4.FRAGMENT) & Ipv4.DF) != 0;
    int found = packet.ttl();
    boolean ttlFits = ttlCheck == 2 || (ttlCheck == 0 ? found == ttl : found <= ttl);
    if (df != dontFragment || packet.length() != length || !ttlFits) {
      return false;
    }
    int tcp = packet.network + packet.ipv4HeaderLength();
    int at = tcp + Tcp.MIN_LENGTH;
    int size = 0;
    for (int kind : kinds) {
      size += LENGTHS[kind];
    }
    if (Math.max(0, headerLength(packet, tcp) - Tcp.MIN_LENGTH) != size) {
      return false;
    }
    int mss = 0;
    for (int kind : kinds) {
      if (packet.u8(at) != KINDS[kind]) {
        return false;
      }
      mss = KINDS[kind] == MSS ? packet.u16(at + 2) : mss;
      at += LENGTHS[kind];
    }
    return fitsWindow(packet.u16(tcp + Tcp.WINDOW), mss);
  }

  private boolean fitsWindow(int found, int mss) {
    return switch (window) {
      case PLAIN -> factor == 0 || found == factor;
      case OF_MSS ->
          found == factor * mss || found == factor * USUAL_MSS || found == factor * MODEM_MSS;
      case OF_MTU ->
          found == factor * (mss + HEADERS)
              || found == factor * (USUAL_MSS + HEADERS)
              || found == factor * (MODEM_MSS + HEADERS);
      case MODULO -> factor != 0 && found % factor == 0;
    };
  }
}
