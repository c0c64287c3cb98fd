package org.fwreplay.xt.match;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m ipp2p --bit}: does the payload look like BitTorrent? xt_ipp2p of xtables-addons; of its
 * protocols only this one. What it has for shorter payloads it never reaches, and neither is it
 * here.
 */
public record Ipp2pMatch() implements StatelessMatch {
  private static final int MORE_THAN_TCP = 20;
  private static final int MORE_THAN_UDP = 23;
  private static final int CLOSING = Tcp.SYN | Tcp.FIN | Tcp.RST;
  private static final byte[] HANDSHAKE = bytes("\023BitTorrent protocol");
  private static final byte[] GET = bytes("GET /");
  private static final List<byte[]> KEYS =
      List.of(bytes("info_hash="), bytes("peer_id="), bytes("passkey="));
  private static final byte[] DHT_QUERY = bytes("d1:ad2:id20:");
  private static final byte[] DHT_REPLY = bytes("d1:rd2:id20:");

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "ipp2p";
    }

    @Override
    public String summary() {
      return "payload that looks like BitTorrent";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV4);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.flag("bit").required());
    }

    @Override
    public Ipp2pMatch parse(Arguments arguments) {
      return new Ipp2pMatch();
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.flag("bit");
  }

  @Override
  public boolean matches(Packet p, Evaluation evaluation) {
    if (p.fragmentOffset != 0) {
      return false;
    }
    return switch (p.protocol) {
      case Protocols.TCP -> p.has(p.transport, Tcp.MIN_LENGTH) && tcp(p);
      case Protocols.UDP, Protocols.UDPLITE -> udp(p.buffer, p.transport + Udp.LENGTH, p.end);
      default -> false;
    };
  }

  private static boolean tcp(Packet p) {
    int at = p.transport + (p.u8(p.transport + Tcp.DATA_OFFSET) >> 4) * 4;
    if (p.end - at <= MORE_THAN_TCP || (p.u8(p.transport + Tcp.FLAGS) & CLOSING) != 0) {
      return false;
    }
    if (stands(p.buffer, at, HANDSHAKE)) {
      return true;
    }
    return stands(p.buffer, at, GET) && KEYS.stream().anyMatch(key -> holds(p, at, key));
  }

  private static boolean udp(byte[] b, int at, int end) {
    int length = end - at;
    if (length <= MORE_THAN_UDP) {
      return false;
    }
    boolean known =
        switch (length) {
          case 36 -> Bytes.i32(b, at + 8) == 0x400;
          case 57 -> Bytes.i32(b, at + 8) == 0x404;
          case 59 -> Bytes.i32(b, at + 8) == 0x406;
          case 203 -> Bytes.i32(b, at) == 0x405;
          case 44 -> Bytes.i32(b, at) == 0x827 && Bytes.i32(b, at + 4) == 0x37502950;
          default ->
              length >= 32 && Bytes.i32(b, at + 8) == 0x402 && Bytes.i32(b, at + 28) == 0x104;
        };
    return known || stands(b, at, DHT_QUERY) || stands(b, at, DHT_REPLY);
  }

  private static boolean holds(Packet p, int from, byte[] word) {
    for (int at = from; at <= p.end - word.length; at++) {
      if (stands(p.buffer, at, word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean stands(byte[] b, int at, byte[] word) {
    for (int i = 0; i < word.length; i++) {
      if (b[at + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
