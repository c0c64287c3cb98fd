package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackSettings;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.TestRun;
import org.fwreplay.xt.TestRun.Bound;
import org.junit.jupiter.api.Test;

/** What matches on connections say of packets that connection tracking has seen. */
class ConnectionMatchTest {
  private final Conntrack conntrack = new Conntrack(new ConntrackSettings((name, dflt) -> dflt), 1);
  private final TestRun run = new TestRun(conntrack, null);

  private static Packet request(int port) {
    return Packets.udp("192.0.2.1:" + port, "198.51.100.2:53").payload("question").build();
  }

  private static Packet answer(int port) {
    return Packets.udp("198.51.100.2:53", "192.0.2.1:" + port).payload("answer").build();
  }

  /** Lets connection tracking see a packet, as far as the rules. */
  private Packet seen(Packet packet) {
    conntrack.advance(packet.timeNs);
    conntrack.in(packet, Hook.PREROUTING);
    return packet;
  }

  /** Lets a packet through, so that its connection is confirmed. */
  private Packet passed(Packet packet) {
    conntrack.confirm(seen(packet));
    return packet;
  }

  @Test
  void stateFollowsTheConnection() {
    Bound fresh = run.match("state --state NEW");
    Bound established = run.match("conntrack --ctstate ESTABLISHED");
    Packet first = seen(request(1));
    assertThat(fresh.matches(first)).isTrue();
    assertThat(established.matches(first)).isFalse();
    conntrack.confirm(first);
    Packet second = seen(answer(1));
    assertThat(fresh.matches(second)).isFalse();
    assertThat(established.matches(second)).isTrue();
    assertThat(run.match("state ! --state ESTABLISHED,RELATED").matches(second)).isFalse();
  }

  @Test
  void packetsWithoutConnectionAreInvalidOrUntracked() {
    Packet invalid = request(1);
    assertThat(run.match("state --state INVALID").matches(invalid)).isTrue();
    assertThat(run.match("conntrack --ctstate UNTRACKED").matches(invalid)).isFalse();
    assertThat(run.match("conntrack ! --ctstate NEW").matches(invalid)).isTrue();
    Packet untracked = request(1);
    untracked.trackInfo = CtInfo.UNTRACKED;
    assertThat(run.match("state --state UNTRACKED").matches(untracked)).isTrue();
    assertThat(run.match("state --state INVALID").matches(untracked)).isFalse();
  }

  @Test
  void withoutConnectionOnlyTheStateIsAskedFor() {
    Packet invalid = request(1);
    assertThat(run.match("conntrack --ctproto udp").matches(invalid)).isFalse();
    assertThat(run.match("conntrack ! --ctproto tcp").matches(invalid)).isFalse();
    assertThat(run.match("conntrack --ctstate INVALID --ctproto tcp").matches(invalid)).isTrue();
    assertThat(run.match("conntrack --ctstate NEW --ctproto udp").matches(invalid)).isFalse();
  }

  @Test
  void natStatesAreThoseOfTheConnection() {
    Packet packet = seen(request(1));
    assertThat(run.match("conntrack --ctstate SNAT").matches(packet)).isFalse();
    Connection.of(packet).status |= Connection.SRC_NAT;
    assertThat(run.match("conntrack --ctstate SNAT").matches(packet)).isTrue();
    assertThat(run.match("conntrack --ctstate DNAT").matches(packet)).isFalse();
    assertThat(run.match("conntrack --ctstate NEW,DNAT").matches(packet)).isTrue();
  }

  @Test
  void tuplesAreThoseOfBothDirections() {
    passed(request(1000));
    Packet packet = seen(answer(1000));
    assertThat(run.match("conntrack --ctproto 17").matches(packet)).isTrue();
    assertThat(run.match("conntrack ! --ctproto 17").matches(packet)).isFalse();
    assertThat(run.match("conntrack --ctorigsrc 192.0.2.1").matches(packet)).isTrue();
    assertThat(run.match("conntrack --ctorigsrc 192.0.2.77/24").matches(packet)).isTrue();
    assertThat(run.match("conntrack ! --ctorigdst 198.51.0.0/16").matches(packet)).isFalse();
    assertThat(run.match("conntrack --ctreplsrc 198.51.100.2").matches(packet)).isTrue();
    assertThat(run.match("conntrack --ctrepldst 192.0.2.2").matches(packet)).isFalse();
    assertThat(run.match("conntrack --ctorigsrcport 1000").matches(packet)).isTrue();
    assertThat(run.match("conntrack --ctorigdstport 50:53").matches(packet)).isTrue();
    assertThat(run.match("conntrack ! --ctreplsrcport 53").matches(packet)).isFalse();
    assertThat(run.match("conntrack --ctrepldstport 1001:").matches(packet)).isFalse();
  }

  @Test
  void addressesOfIpv6Connections() {
    Packet packet =
        seen(Packets.udp("[2001:db8::1]:1000", "[2001:db8:0:1::2]:53").payload("x").build());
    assertThat(run.match6("conntrack --ctorigsrc 2001:db8::/64").matches(packet)).isTrue();
    assertThat(run.match6("conntrack --ctorigdst 2001:db8::/64").matches(packet)).isFalse();
    assertThat(run.match6("conntrack --ctreplsrc 2001:db8:0:1::2").matches(packet)).isTrue();
  }

  @Test
  void directionStatusAndTimeLeft() {
    passed(request(1));
    Packet packet = passed(answer(1));
    assertThat(run.match("conntrack --ctdir REPLY").matches(packet)).isTrue();
    assertThat(run.match("conntrack --ctdir ORIGINAL").matches(packet)).isFalse();
    assertThat(run.match("conntrack --ctstatus SEEN_REPLY").matches(packet)).isTrue();
    assertThat(run.match("conntrack ! --ctstatus CONFIRMED").matches(packet)).isFalse();
    assertThat(run.match("conntrack --ctstatus NONE").matches(packet)).isFalse();
    assertThat(run.match("conntrack ! --ctstatus NONE").matches(packet)).isTrue();
    assertThat(run.match("conntrack --ctexpire 30").matches(packet)).isTrue();
    conntrack.advance(1);
    assertThat(run.match("conntrack --ctexpire 30").matches(packet)).isTrue();
    conntrack.advance(4_000_001);
    assertThat(run.match("conntrack --ctexpire 29").matches(packet)).isTrue();
  }

  @Test
  void unconfirmedConnectionsHaveNoTimeLeft() {
    assertThat(run.match("conntrack --ctexpire 0").matches(seen(request(1)))).isTrue();
  }

  @Test
  void connmarkNeedsAConnection() {
    Packet packet = seen(request(1));
    Connection.of(packet).mark = 0x1234;
    assertThat(run.match("connmark --mark 0x34/0xff").matches(packet)).isTrue();
    assertThat(run.match("connmark ! --mark 0x34/0xff").matches(packet)).isFalse();
    assertThat(run.match("connmark ! --mark 1").matches(request(1))).isFalse();
  }

  @Test
  void connbytesCountsBothDirectionsAndAverages() {
    Packet packet = seen(request(1));
    Connection connection = Connection.of(packet);
    connection.count(Connection.ORIGINAL, 2, 100);
    connection.count(Connection.REPLY, 4, 1000);
    String packets = "--connbytes-mode packets --connbytes-dir ";
    String bytes = "--connbytes-mode bytes --connbytes-dir ";
    String average = "--connbytes-mode avgpkt --connbytes-dir ";
    assertThat(run.match("connbytes --connbytes 2:2 " + packets + "original").matches(packet))
        .isTrue();
    assertThat(run.match("connbytes --connbytes 6 " + packets + "both").matches(packet)).isTrue();
    assertThat(run.match("connbytes --connbytes 7 " + packets + "both").matches(packet)).isFalse();
    assertThat(run.match("connbytes --connbytes :999 " + bytes + "reply").matches(packet))
        .isFalse();
    assertThat(run.match("connbytes --connbytes 50:50 " + average + "original").matches(packet))
        .isTrue();
    assertThat(run.match("connbytes --connbytes 183:183 " + average + "both").matches(packet))
        .isTrue();
    assertThat(run.match("connbytes ! --connbytes 2:5 " + packets + "reply").matches(packet))
        .isFalse();
    assertThat(run.match("connbytes ! --connbytes 5:9 " + packets + "reply").matches(packet))
        .isTrue();
    assertThat(run.match("connbytes --connbytes 0 " + packets + "both").matches(request(1)))
        .isFalse();
  }

  private static Packets tcp(int port) {
    return Packets.tcp("192.0.2.1:" + port, "198.51.100.2:80");
  }

  private Packet syn(int port, double seconds) {
    return seen(tcp(port).flags(Tcp.SYN).sequence(100).at(seconds).build());
  }

  @Test
  void connlimitCountsConfirmedConnectionsAndTheNewOne() {
    Bound above = run.match("connlimit --connlimit-above 2");
    Packet first = syn(1, 0);
    assertThat(above.matches(first)).isFalse();
    conntrack.confirm(first);
    Packet second = syn(2, 1);
    assertThat(above.matches(second)).isFalse();
    conntrack.confirm(second);
    assertThat(above.matches(syn(1, 2))).as("a retransmission counts once").isFalse();
    assertThat(above.matches(syn(3, 3))).as("the third").isTrue();
    assertThat(above.matches(syn(4, 4))).as("also the third: the other was dropped").isTrue();
  }

  @Test
  void connlimitGroupsByMaskedAddress() {
    Bound upTo = run.match("connlimit --connlimit-upto 1 --connlimit-mask 24");
    conntrack.confirm(syn(1, 0));
    assertThat(upTo.matches(syn(2, 1))).isTrue();
    Packet neighbour =
        seen(Packets.udp("192.0.2.99:1", "198.51.100.2:53").payload("x").at(2).build());
    assertThat(upTo.matches(neighbour)).as("the other was not confirmed").isTrue();
    conntrack.confirm(neighbour);
    assertThat(upTo.matches(syn(3, 3))).isFalse();
    Bound byDestination = run.match("connlimit --connlimit-upto 1 --connlimit-daddr");
    assertThat(byDestination.matches(syn(4, 4))).isTrue();
  }

  @Test
  void connlimitForgetsConnectionsThatAreGoneOrClosed() {
    Bound above = run.match("connlimit --connlimit-above 1");
    Packet first = syn(1, 0);
    above.matches(first);
    conntrack.confirm(first);
    assertThat(above.matches(syn(2, 1))).isTrue();
    Packet reset =
        seen(
            Packets.tcp("198.51.100.2:80", "192.0.2.1:1")
                .flags(Tcp.RST | Tcp.ACK)
                .acknowledgment(101)
                .at(2)
                .build());
    assertThat(Connection.of(reset)).isSameAs(Connection.of(first));
    assertThat(above.matches(syn(3, 3))).isFalse();
  }

  @Test
  void connlimitDropsWhatHasNoTuple() {
    Packet packet = tcp(1).cutTo(22).build();
    assertThat(run.match("connlimit --connlimit-above 1").drops(packet)).isTrue();
  }

  @Test
  void labelsStayWithTheConnection() {
    Packet first = passed(request(1));
    assertThat(run.match("connlabel --label 70").matches(first)).isFalse();
    assertThat(run.match("connlabel ! --label 70").matches(first)).isTrue();
    assertThat(run.match("connlabel --label 70 --set").matches(first)).isTrue();
    Packet second = seen(answer(1));
    assertThat(run.match("connlabel --label 70").matches(second)).isTrue();
    assertThat(run.match("connlabel --label 6").matches(second)).isFalse();
    assertThat(run.match("connlabel --label 70").matches(seen(request(2)))).isFalse();
    assertThat(run.match("connlabel --label 70 --set").matches(request(3)))
        .as("without connection")
        .isFalse();
  }

  @Test
  void helperIsThatOfTheExpectingConnection() {
    Packet first = passed(request(1));
    Packet second = passed(request(2));
    assertThat(run.match("helper --helper sip").matches(second)).isFalse();
    Connection.of(second).master = Connection.of(first);
    assertThat(run.match("helper ! --helper sip").matches(second)).isTrue();
    Connection.of(first).helper = "sip";
    assertThat(run.match("helper --helper sip").matches(second)).isTrue();
    assertThat(run.match("helper --helper sip-5060").matches(second)).isTrue();
    assertThat(run.match("helper --helper \"\"").matches(second)).isTrue();
    assertThat(run.match("helper --helper ftp").matches(second)).isFalse();
    assertThat(run.match("helper ! --helper sip").matches(second)).isFalse();
  }

  @Test
  void everyConnectionIsOneClusterNodes() {
    Packet first = passed(request(1));
    Packet reply = seen(answer(1));
    int nodes = 0;
    for (int node = 1; node <= 3; node++) {
      String text =
          "cluster --cluster-total-nodes 3 --cluster-hash-seed 7 --cluster-local-node " + node;
      boolean ours = run.match(text).matches(first);
      assertThat(run.match(text).matches(reply)).as("both directions").isEqualTo(ours);
      nodes += ours ? 1 : 0;
    }
    assertThat(nodes).isEqualTo(1);
    Packet strange = request(3);
    strange.type = Packet.MULTICAST;
    run.match("cluster --cluster-total-nodes 3 --cluster-local-node 1 --cluster-hash-seed 7")
        .matches(strange);
    assertThat(strange.type).isEqualTo(Packet.TO_HOST);
  }
}
