package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.TestRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The helper {@code bittorrent}: what clients announce, and who may then come in. */
class BitTorrentTest {
  private static final String TRACKER = "198.51.100.7:6969";
  private static final String CLIENT = "192.168.1.10";
  private static final String OTHER = "192.168.1.11";
  private static final String HASH = "%01%02%03456789012345678%FF0";
  private int port = 40_000;

  private static Scenario router() {
    return new Scenario()
        .rules(
            "*raw",
            "-A PREROUTING -i lan -p tcp --dport 6969 -j CT --helper bittorrent",
            "-A PREROUTING -i lan -p tcp --dport 51413 -j CT --helper bittorrent",
            "-A PREROUTING -i lan -p udp --dport 6969 -j CT --helper bittorrent",
            "*nat",
            "-A POSTROUTING -o wan -j MASQUERADE",
            "*filter",
            ":FORWARD DROP",
            "-A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT",
            "-A FORWARD -i lan -j ACCEPT");
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String payload(Packet p) {
    int header = p.protocol == 6 ? (p.u8(p.transport + Tcp.DATA_OFFSET) >> 4) * 4 : 8;
    int at = p.transport + header;
    return new String(p.buffer, at, p.end - at, StandardCharsets.ISO_8859_1);
  }

  /** Opens a TCP connection and sends something on it; what the other end gets. */
  private String says(Scenario scenario, String from, String to, String text) {
    String own = from + ":" + port;
    String outside = "203.0.113.1:" + port++;
    scenario.arrives("lan", "tcp " + own + " > " + to + " S seq 99");
    scenario.arrives("wan", "tcp " + to + " > " + outside + " S. seq 499 ack 100");
    Packet data =
        Packets.tcp(own, to).sequence(100).acknowledgment(500).payload(latin1(text)).build();
    assertThat(scenario.arrives("lan", List.of(data))).hasSize(1);
    return payload(scenario.left().get(0));
  }

  private static String announce(String more) {
    return "GET /announce?info_hash=" + HASH + "&peer_id=x&" + more + " HTTP/1.1\r\n\r\n";
  }

  /** The end inside that a stranger's packet to a port comes to, or null. */
  private String stranger(Scenario scenario, String protocol, int to) {
    String flags = protocol.equals("tcp") ? " S" : " len 4";
    List<String> left =
        scenario.arrives(
            "wan", protocol + " 192.0.2." + (port++ % 250 + 1) + ":9 > 203.0.113.1:" + to + flags);
    List<String> inside = left.stream().filter(line -> line.startsWith("lan:")).toList();
    return inside.isEmpty() ? null : inside.get(0).split(" > ")[1].split(" ")[0];
  }

  @Test
  void whoAnnouncesAPortMayBeCalledThere() {
    Scenario scenario = router();
    assertThat(stranger(scenario, "tcp", 6881)).isNull();
    String request = announce("port=6881&event=started");
    assertThat(says(scenario, CLIENT, TRACKER, request)).isEqualTo(request);
    assertThat(stranger(scenario, "tcp", 6881)).isEqualTo("192.168.1.10:6881");
    assertThat(stranger(scenario, "udp", 6881)).as("uTP").isEqualTo("192.168.1.10:6881");
    assertThat(stranger(scenario, "tcp", 6881)).as("more than one").isNotNull();
    assertThat(stranger(scenario, "tcp", 6882)).isNull();
  }

  @Test
  void theExpectationOutlivesTheConnectionToTheTracker() {
    Scenario scenario = router();
    says(scenario, CLIENT, TRACKER, announce("port=6881"));
    scenario.arrives("wan", "tcp 198.51.100.7:6969 > 203.0.113.1:40000 R. seq 500 ack 101");
    scenario.waits(60);
    assertThat(scenario.connections()).isEmpty();
    assertThat(stranger(scenario, "tcp", 6881)).isEqualTo("192.168.1.10:6881");
  }

  @Test
  void itEndsWithTheLastTorrentThatIsStopped() {
    Scenario scenario = router();
    says(scenario, CLIENT, TRACKER, announce("port=6881"));
    says(scenario, CLIENT, TRACKER, announce("port=6881").replace("%01", "%09"));
    says(scenario, CLIENT, TRACKER, announce("port=6881&event=stopped"));
    assertThat(stranger(scenario, "tcp", 6881)).as("another torrent").isNotNull();
    says(scenario, CLIENT, TRACKER, announce("event=stopped&port=6881").replace("%01", "%09"));
    assertThat(stranger(scenario, "tcp", 6881)).isNull();
    assertThat(scenario.conntrack().expectations().count()).isZero();
  }

  @Test
  void itEndsAnHourAfterTheLastAnnouncement() {
    Scenario scenario = router();
    says(scenario, CLIENT, TRACKER, announce("port=6881"));
    scenario.waits(3000);
    says(scenario, CLIENT, TRACKER, announce("port=6881"));
    scenario.waits(3000);
    assertThat(stranger(scenario, "tcp", 6881)).isNotNull();
    scenario.waits(700);
    assertThat(stranger(scenario, "tcp", 6881)).isNull();
    says(scenario, CLIENT, TRACKER, announce("port=6881"));
    assertThat(stranger(scenario, "tcp", 6881)).as("announced again").isNotNull();
  }

  @Test
  void theSecondHostWithAPortGetsAnotherOneAndItIsAnnounced() {
    Scenario scenario = router();
    says(scenario, CLIENT, TRACKER, announce("port=999"));
    String request = announce("port=999&event=started");
    String sent = says(scenario, OTHER, TRACKER, request);
    int other = Integer.parseInt(sent.split("port=")[1].split("&")[0]);
    assertThat(other).isGreaterThan(999);
    assertThat(sent).isEqualTo(request.replace("999", Integer.toString(other)));
    assertThat(stranger(scenario, "tcp", 999)).isEqualTo("192.168.1.10:999");
    assertThat(stranger(scenario, "tcp", other)).isEqualTo("192.168.1.11:999");
    int growth = Integer.toString(other).length() - 3;
    Packet next =
        Packets.tcp(OTHER + ":" + (port - 3), TRACKER)
            .sequence(100 + request.length())
            .acknowledgment(500)
            .payload(latin1("x"))
            .build();
    assertThat(scenario.arrives("lan", List.of(next))).hasSize(1);
    Packet left = scenario.left().get(0);
    assertThat(Bytes.u32(left.buffer, left.transport + Tcp.SEQUENCE))
        .isEqualTo(100 + request.length() + growth);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "port=0",
        "port=65536",
        "port=68x1",
        "port=",
        "left=1",
        "port=6881&ip=192.168.1.99",
        "port=6881&info_hash=tooshort"
      })
  void whatIsNoAnnouncementOpensNothing(String query) {
    Scenario scenario = router();
    says(scenario, CLIENT, TRACKER, announce(query));
    assertThat(scenario.conntrack().expectations().count()).isZero();
  }

  @Test
  void aRequestThatIsNotWholeOpensNothing() {
    Scenario scenario = router();
    says(scenario, CLIENT, TRACKER, "GET /announce?info_hash=" + HASH + "&port=6881");
    assertThat(scenario.conntrack().expectations().count()).isZero();
  }

  // -- UDP trackers ------------------------------------------------------------------------------

  private static byte[] connect() {
    byte[] m = new byte[16];
    Bytes.put64(m, 0, 0x41727101980L);
    Bytes.put32(m, 12, 7);
    return m;
  }

  private static byte[] announcement(long id, int event, int listens) {
    byte[] m = new byte[98];
    Bytes.put64(m, 0, id);
    Bytes.put32(m, 8, 1);
    Bytes.put32(m, 80, event);
    Bytes.put16(m, 96, listens);
    return m;
  }

  private static byte[] connected(long id) {
    byte[] m = new byte[16];
    Bytes.put64(m, 8, id);
    return m;
  }

  private static String datagram(Scenario s, String iface, String from, String to, byte[] m) {
    s.arrives(iface, List.of(Packets.udp(from, to).payload(m).build()));
    return payload(s.left().get(0));
  }

  @Test
  void aUdpTrackerIsAnnouncedToAfterItGaveAnId() {
    Scenario scenario = router();
    String own = CLIENT + ":7000";
    datagram(scenario, "lan", own, TRACKER, announcement(5, 2, 6881));
    assertThat(scenario.conntrack().expectations().count()).as("no id").isZero();
    datagram(scenario, "lan", own, TRACKER, connect());
    datagram(scenario, "wan", TRACKER, "203.0.113.1:7000", connected(5));
    datagram(scenario, "lan", own, TRACKER, announcement(6, 2, 6881));
    assertThat(scenario.conntrack().expectations().count()).as("another id").isZero();
    datagram(scenario, "lan", own, TRACKER, announcement(5, 2, 6881));
    assertThat(stranger(scenario, "tcp", 6881)).isEqualTo("192.168.1.10:6881");

    String second = OTHER + ":7001";
    datagram(scenario, "lan", second, TRACKER, connect());
    datagram(scenario, "wan", TRACKER, "203.0.113.1:7001", connected(8));
    String sent = datagram(scenario, "lan", second, TRACKER, announcement(8, 2, 6881));
    int other = sent.charAt(96) << 8 | sent.charAt(97);
    assertThat(other).isNotEqualTo(6881);
    assertThat(stranger(scenario, "udp", other)).isEqualTo("192.168.1.11:6881");

    datagram(scenario, "lan", own, TRACKER, announcement(5, 3, 6881));
    assertThat(stranger(scenario, "tcp", 6881)).isNull();
    assertThat(stranger(scenario, "tcp", other)).isNotNull();
  }

  // -- peers and the local network ---------------------------------------------------------------

  private static String handshake(int listens) {
    String dictionary = "d1:md11:ut_metadatai1ee1:pi" + listens + "e1:v4:teste";
    int length = dictionary.length() + 2;
    String hash = "h".repeat(20);
    return "\023BitTorrent protocol"
        + "\0".repeat(8)
        + hash
        + "p".repeat(20)
        + "\0\0\0"
        + (char) length
        + "\024\0"
        + dictionary;
  }

  @Test
  void aPeerIsToldThePortInTheExtendedHandshake() {
    Scenario scenario = router();
    assertThat(says(scenario, CLIENT, "198.51.100.9:51413", handshake(6881)))
        .isEqualTo(handshake(6881));
    assertThat(stranger(scenario, "tcp", 6881)).isEqualTo("192.168.1.10:6881");
    String sent = says(scenario, OTHER, "198.51.100.9:51413", handshake(6881));
    int other = Integer.parseInt(sent.split("1:pi")[1].split("e")[0]);
    assertThat(sent).isEqualTo(handshake(other));
    assertThat(stranger(scenario, "tcp", other)).isEqualTo("192.168.1.11:6881");
  }

  @Test
  void theLengthOfTheMessageFollowsThePort() {
    Scenario scenario = router();
    says(scenario, CLIENT, "198.51.100.9:51413", handshake(9));
    String sent = says(scenario, OTHER, "198.51.100.9:51413", handshake(9));
    int other = Integer.parseInt(sent.split("1:pi")[1].split("e")[0]);
    assertThat(sent).isEqualTo(handshake(other));
  }

  @Test
  void localPeerDiscoveryOfTheHostItselfOpensItsPort() {
    Scenario scenario =
        new Scenario()
            .route("239.0.0.0/8 dev lan")
            .rules(
                "*raw",
                "-A OUTPUT -p udp --dport 6771 -j CT --helper bittorrent",
                "*filter",
                ":INPUT DROP",
                "-A INPUT -m state --state RELATED -j ACCEPT");
    String hash = "0123456789abcdef0123456789abcdef01234567";
    String text =
        "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\nInfohash: "
            + hash
            + "\r\n\r\n\r\n";
    Packet search =
        Packets.udp("192.168.1.1:6771", "239.192.152.143:6771").payload(latin1(text)).build();
    scenario.sends(List.of(search));
    assertThat(scenario.conntrack().expectations().count()).isEqualTo(2);
    scenario.arrives("lan", "tcp 192.168.1.12:9 > 192.168.1.1:6881 S");
    assertThat(scenario.fates()).contains("DELIVERED at INPUT");
    scenario.arrives("lan", "tcp 192.168.1.12:9 > 192.168.1.1:6882 S");
    assertThat(scenario.fates()).containsExactly("DROPPED at INPUT");
  }

  // -- ipp2p -------------------------------------------------------------------------------------

  private static Packet segment(String text) {
    return Packets.tcp("192.0.2.1:1", "192.0.2.2:2").payload(latin1(text)).build();
  }

  private static Packet datagram(byte[] m) {
    return Packets.udp("192.0.2.1:1", "192.0.2.2:2").payload(m).build();
  }

  @Test
  void ipp2pKnowsBitTorrentByItsFirstBytes() {
    TestRun.Bound match = new TestRun().match("ipp2p --bit");
    List<Packet> known = new ArrayList<>();
    known.add(segment(handshake(1)));
    known.add(segment("GET /x?info_hash=12345678"));
    known.add(segment("GET /a/scrape?peer_id=12345678"));
    known.add(segment("GET /index.html?passkey=1"));
    known.add(datagram(latin1("d1:ad2:id20:aaaaaaaaaaaaaaaaaaaae1:q4:ping")));
    known.add(datagram(latin1("d1:rd2:id20:aaaaaaaaaaaaaaaaaaaae1:t2:aa")));
    byte[] m = new byte[36];
    Bytes.put32(m, 8, 0x400);
    known.add(datagram(m));
    assertThat(known).allMatch(match::matches);
    Packet closing = segment(handshake(1));
    closing.buffer[closing.transport + Tcp.FLAGS] |= Tcp.FIN;
    assertThat(match.matches(closing)).isFalse();
    assertThat(match.matches(segment("GET /index.html HTTP/1.1\r\n"))).isFalse();
    assertThat(match.matches(segment("\023BitTorrent protocol"))).as("20 bytes").isFalse();
    assertThat(match.matches(datagram(connect()))).as("16 bytes").isFalse();
    assertThat(match.matches(datagram(new byte[98]))).isFalse();
  }
}
