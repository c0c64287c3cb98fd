package org.fwreplay.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.junit.jupiter.api.Test;

/** What belongs to no protocol: zones, a full table, what was never confirmed, events. */
class ConntrackTest {
  private static final String CLIENT = "192.0.2.1";
  private static final String SERVER = "198.51.100.2:53";

  private final Map<String, Integer> sysctls = new HashMap<>();
  private final List<String> told = new ArrayList<>();
  private double second = 1000;

  private Conntrack conntrack() {
    Conntrack conntrack = new Conntrack(new ConntrackSettings(sysctls::getOrDefault), 1);
    conntrack.listen(
        new ConntrackListener() {
          @Override
          public void created(Connection ct) {
            tell("new", ct);
          }

          @Override
          public void updated(Connection ct) {
            tell("update " + ct.events, ct);
          }

          @Override
          public void destroyed(Connection ct) {
            tell("destroy", ct);
          }

          private void tell(String what, Connection ct) {
            told.add(what + " " + ct.original.sourcePort);
          }
        });
    return conntrack;
  }

  private Packet request(int port) {
    return Packets.udp(CLIENT + ":" + port, SERVER).at(second).build();
  }

  private Packet answer(int port) {
    return Packets.udp(SERVER, CLIENT + ":" + port).at(second).build();
  }

  private static Packet in(Packet packet, Connection template) {
    packet.tracked = template;
    return packet;
  }

  private static Connection zone(int zone, int... directions) {
    Connection template = new Connection();
    template.status = Connection.TEMPLATE;
    template.zone = zone;
    template.extend().zoneDirections = 0;
    for (int direction : directions) {
      template.extend().zoneDirections |= 1 << direction;
    }
    return template;
  }

  private static int count(Conntrack conntrack) {
    int[] count = new int[1];
    conntrack.forEach(ct -> count[0]++);
    return count[0];
  }

  @Test
  void theSameTupleInAnotherZoneIsAnotherConnection() {
    Conntrack conntrack = conntrack();
    Connection one = zone(1, Connection.ORIGINAL, Connection.REPLY);
    Connection two = zone(2, Connection.ORIGINAL, Connection.REPLY);

    assertThat(InWords.pass(conntrack, in(request(7), one))).isEqualTo("NEW");
    assertThat(InWords.pass(conntrack, in(request(7), two))).isEqualTo("NEW");
    assertThat(InWords.pass(conntrack, request(7))).isEqualTo("NEW");
    assertThat(InWords.pass(conntrack, in(answer(7), two))).isEqualTo("ESTABLISHED");
    assertThat(InWords.pass(conntrack, in(request(7), one))).isEqualTo("NEW");
    assertThat(InWords.pass(conntrack, in(request(7), two))).isEqualTo("ESTABLISHED");
    assertThat(count(conntrack)).isEqualTo(3);
  }

  @Test
  void aZoneOfOneDirectionLeavesTheOtherInTheDefaultZone() {
    Conntrack conntrack = conntrack();
    Connection original = zone(9, Connection.ORIGINAL);

    assertThat(InWords.pass(conntrack, in(request(7), original))).isEqualTo("NEW");
    assertThat(InWords.pass(conntrack, answer(7))).isEqualTo("ESTABLISHED");
    assertThat(InWords.pass(conntrack, in(request(7), original))).isEqualTo("ESTABLISHED");
  }

  @Test
  void aConnectionInTheDefaultZoneIsNotFoundFromTheOriginalZoneOfOthers() {
    Conntrack conntrack = conntrack();
    Packets syn = Packets.tcp(CLIENT + ":7", SERVER).flags(Tcp.SYN).at(second);

    assertThat(InWords.pass(conntrack, syn.build())).isEqualTo("NEW");
    Packet inZone = in(syn.build(), zone(9, Connection.ORIGINAL));
    conntrack.in(inZone, Hook.PREROUTING);

    assertThat(InWords.stateOf(inZone)).isEqualTo("NEW");
    assertThat(Connection.of(inZone).original.zone).isEqualTo(9);
    // Answers would belong to both: without a translation the newcomer does not get in.
    assertThat(conntrack.confirm(inZone)).isEqualTo(Conntrack.DROP);
  }

  @Test
  void datagramsThatClashGoOnWithTheEntryThatWasThereFirst() {
    Conntrack conntrack = conntrack();
    InWords.pass(conntrack, request(7));
    Packet inZone = in(request(7), zone(9, Connection.ORIGINAL));
    conntrack.in(inZone, Hook.PREROUTING);
    Connection own = Connection.of(inZone);

    assertThat(conntrack.confirm(inZone)).isEqualTo(Conntrack.ACCEPT);
    assertThat(Connection.of(inZone)).isNotSameAs(own);
    assertThat(count(conntrack)).isEqualTo(1);
  }

  @Test
  void thePacketMarkMayBeTheZone() {
    Conntrack conntrack = conntrack();
    Connection template = zone(0, Connection.ORIGINAL, Connection.REPLY);
    template.extend().zoneFromMark = true;

    Packet marked = in(request(7), template);
    marked.mark = 0x12345;
    assertThat(InWords.pass(conntrack, marked)).isEqualTo("NEW");
    assertThat(Connection.of(marked).original.zone).isEqualTo(0x2345);
    Packet otherMark = in(answer(7), template);
    otherMark.mark = 5;
    assertThat(InWords.pass(conntrack, otherMark)).isEqualTo("NEW");
    Packet sameMark = in(answer(7), template);
    sameMark.mark = 0x2345;
    assertThat(InWords.pass(conntrack, sameMark)).isEqualTo("ESTABLISHED");
  }

  @Test
  void twoThousandZonesAreTwoThousandConnections() {
    Conntrack conntrack = conntrack();
    for (int zone = 1; zone <= 2000; zone++) {
      Connection template = zone(zone, Connection.ORIGINAL, Connection.REPLY);
      assertThat(InWords.pass(conntrack, in(request(7), template))).isEqualTo("NEW");
    }
    assertThat(count(conntrack)).isEqualTo(2000);
  }

  @Test
  void aFullTableDropsWhatIsNewAndNothingElse() {
    sysctls.put("net.netfilter.nf_conntrack_max", 100);
    Conntrack conntrack = conntrack();
    for (int port = 1; port <= 100; port++) {
      InWords.pass(conntrack, request(port));
      InWords.pass(conntrack, answer(port));
    }
    second += 3;
    for (int port = 1; port <= 100; port++) {
      InWords.pass(conntrack, request(port)); // a stream now: assured
    }

    assertThat(InWords.pass(conntrack, request(101))).isEqualTo("DROP");
    assertThat(InWords.pass(conntrack, request(50))).isEqualTo("ESTABLISHED");
    assertThat(count(conntrack)).isEqualTo(100);
  }

  @Test
  void aFullTableMakesRoomByConnectionsThatAreNotAssured() {
    sysctls.put("net.netfilter.nf_conntrack_max", 3);
    Conntrack conntrack = conntrack();
    // Which connection goes is chance in Linux, and whether one is near enough: here all are.
    int let = 0;
    for (int port = 1; port <= 5000; port++) {
      if (InWords.pass(conntrack, request(port)).equals("NEW")) {
        let++;
      }
      assertThat(count(conntrack)).isLessThanOrEqualTo(3);
    }
    assertThat(let).isGreaterThan(3);
    assertThat(told).contains("destroy 1");
  }

  @Test
  void inAKernelsTableOfOneBucketThereIsAlwaysRoom() {
    sysctls.put("net.netfilter.nf_conntrack_max", 3);
    sysctls.put("net.netfilter.nf_conntrack_buckets", 1);
    Conntrack conntrack = conntrack();
    for (int port = 1; port <= 100; port++) {
      assertThat(InWords.pass(conntrack, request(port))).isEqualTo("NEW");
    }
    assertThat(told).contains("destroy 1", "destroy 2", "destroy 3");
  }

  @Test
  void whatIsDroppedOnItsWayLeavesNoConnection() {
    Conntrack conntrack = conntrack();
    Packet packet = request(7);
    conntrack.advance(packet.timeNs);
    assertThat(conntrack.in(packet, Hook.PREROUTING)).isEqualTo(Conntrack.ACCEPT);
    assertThat(conntrack.count()).isEqualTo(1);
    conntrack.endFrame(false);

    assertThat(conntrack.count()).isZero();
    assertThat(InWords.pass(conntrack, answer(7))).isEqualTo("NEW");
  }

  @Test
  void anExpiredConnectionIsNotFoundThoughNobodyHasSweptIt() {
    Conntrack conntrack = conntrack();
    InWords.pass(conntrack, request(7));
    second += 29.9;
    assertThat(InWords.pass(conntrack, request(7))).isEqualTo("NEW");
    second += 30;
    assertThat(InWords.pass(conntrack, answer(7))).isEqualTo("NEW");
    assertThat(told).containsExactly("new 7", "destroy 7", "new 53");
  }

  @Test
  void untrackedPacketsHaveNoConnection() {
    Conntrack conntrack = conntrack();
    Packet packet = request(7);
    packet.trackInfo = CtInfo.UNTRACKED;

    assertThat(InWords.pass(conntrack, packet)).isEqualTo("UNTRACKED");
    assertThat(count(conntrack)).isZero();
  }

  @Test
  void neighbourDiscoveryIsUntracked() {
    Conntrack conntrack = conntrack();
    for (int type : new int[] {130, 131, 132, 133, 134, 135, 136, 143}) {
      Packet packet = Packets.icmp("2001:db8::1", "2001:db8::2", type, 0).at(second).build();
      assertThat(InWords.pass(conntrack, packet)).as("type %d", type).isEqualTo("UNTRACKED");
    }
  }

  @Test
  void laterFragmentsAndBrokenHeaderChainsAreInvalid() {
    Conntrack conntrack = conntrack();
    Packet later = Packets.udp(CLIENT + ":7", SERVER).fragment(1480, false).at(second).build();
    Packet broken = Packets.ip("2001:db8::1", "2001:db8::2", -1).at(second).build();

    assertThat(InWords.pass(conntrack, later)).isEqualTo("INVALID");
    assertThat(InWords.pass(conntrack, broken)).isEqualTo("INVALID");
  }

  @Test
  void onlyWhatArrivesHasItsChecksumLookedAt() {
    Conntrack conntrack = conntrack();
    Packet sent = Packets.tcp(CLIENT + ":7", SERVER).flags(Tcp.SYN).at(second).build();
    sent.buffer[sent.transport + Tcp.CHECKSUM] ^= 1;

    conntrack.advance(sent.timeNs);
    conntrack.in(sent, Hook.OUTPUT);
    assertThat(InWords.stateOf(sent)).isEqualTo("NEW");
  }

  @Test
  void aDatagramWithoutChecksumIsFineAndOneWithAWrongLengthIsNot() {
    Conntrack conntrack = conntrack();
    Packet unsummed = request(7);
    unsummed.buffer[unsummed.transport + 6] = 0;
    unsummed.buffer[unsummed.transport + 7] = 0;
    Packet tooLong = request(8);
    tooLong.buffer[tooLong.transport + 5] += 1;
    Packet tooShort = request(9);
    tooShort.buffer[tooShort.transport + 5] = 7;

    assertThat(InWords.pass(conntrack, unsummed)).isEqualTo("NEW");
    assertThat(InWords.pass(conntrack, tooLong)).isEqualTo("INVALID");
    assertThat(InWords.pass(conntrack, tooShort)).isEqualTo("INVALID");
  }

  @Test
  void aPacketCausesOneEventThatSaysAllThatChanged() {
    Conntrack conntrack = conntrack();
    InWords.pass(conntrack, request(7));
    InWords.pass(conntrack, answer(7));
    second += 3;
    Packet packet = answer(7);
    conntrack.advance(packet.timeNs);
    conntrack.in(packet, Hook.PREROUTING);
    conntrack.changed(Connection.of(packet), CtEvent.MARK);
    conntrack.confirm(packet);

    assertThat(told)
        .containsExactly(
            "new 7",
            "update " + CtEvent.REPLY + " 7",
            "update " + (CtEvent.ASSURED | CtEvent.MARK) + " 7");
  }

  @Test
  void packetsAndBytesAreCountedWhereTheAdministratorSaysSo() {
    Conntrack silent = conntrack();
    InWords.pass(silent, request(7));
    silent.forEach(ct -> assertThat(ct.packets(0) + ct.packets(1)).isZero());

    sysctls.put("net.netfilter.nf_conntrack_acct", 1);
    Conntrack counting = conntrack();
    InWords.pass(counting, request(7));
    InWords.pass(counting, answer(7));
    InWords.pass(counting, answer(7));
    counting.forEach(
        ct -> {
          assertThat(ct.packets(Connection.ORIGINAL)).isEqualTo(1);
          assertThat(ct.packets(Connection.REPLY)).isEqualTo(2);
          assertThat(ct.bytes(Connection.ORIGINAL)).isEqualTo(28);
          assertThat(ct.bytes(Connection.REPLY)).isEqualTo(56);
        });
  }

  @Test
  void dccpIsTrackedAsGenericAndSaysSo() {
    Conntrack conntrack = conntrack();
    InWords.pass(conntrack, request(1000));
    assertThat(conntrack.sawDccp()).isFalse();

    Packet dccp = Packets.ip(CLIENT, "198.51.100.2", Protocols.DCCP).at(second).build();
    assertThat(InWords.pass(conntrack, dccp)).isEqualTo("NEW");
    assertThat(conntrack.sawDccp()).isTrue();
    assertThat(InWords.connections(conntrack)).contains("600 [UNREPLIED]");
  }
}
