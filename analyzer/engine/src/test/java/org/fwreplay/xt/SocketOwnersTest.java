package org.fwreplay.xt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Owners of sockets from lists, and what {@code -m owner} makes of them (xt_owner). */
class SocketOwnersTest {
  private static final String SS =
      """
      Netid State     Recv-Q Send-Q  Local Address:Port     Peer Address:Port  Process
      udp   UNCONN    0      0       127.0.0.53%lo:53            0.0.0.0:*     uid:101 ino:7 sk:1
      tcp   LISTEN    0      128           0.0.0.0:22            0.0.0.0:*     users:(("sshd",pid=7,fd=3)) ino:8
      tcp   LISTEN    0      511                 *:80                  *:*     uid:33 ino:9 sk:2 v6only:0
      tcp   ESTAB     0      0        192.0.2.1:40000    198.51.100.7:443      uid:1000 ino:10
      tcp   ESTAB     0      0        192.0.2.1:40000    198.51.100.8:443      ino:11
      tcp   ESTAB     0      0     [2001:db8::1]:40001 [2001:db8::7]:443      uid:1000 ino:12
      tcp   ESTAB     0      0   [::ffff:192.0.2.1]:80 [::ffff:192.0.2.9]:5000 uid:34 ino:13
      tcp   ESTAB     0      0        192.0.2.1:40002    198.51.100.7:443      users:(("curl",pid=9,fd=5))
      tcp   TIME-WAIT 0      0        192.0.2.1:40003    198.51.100.7:443      ino:14
      u_str ESTAB     0      0                * 1234                 * 1235
      """;

  private static final String CSV =
      """
      # of the firewall
      protocol,local_address,local_port,remote_address,remote_port,uid,gid,groups
      tcp,192.0.2.1,40000,*,*,1000,100,4 27
      tcp,,40001,,,1001,,
      udp,*,53,*,*,,53,
      icmp,*,,*,,0,0,
      """;

  private static TestRun run(String list) throws IOException {
    TestRun run = new TestRun();
    run.share(SocketOwners.SHARED, SocketOwnersParser.parse("owners", list));
    return run;
  }

  /** Yes, no, or ? where the packet became undecided. */
  private static String ask(String list, String options, Packets packets) throws IOException {
    Packet packet = packets.build();
    packet.local = true;
    TestRun run = run(list);
    String match = "owner " + options;
    boolean yes = (packet.ipv6 ? run.match6(match) : run.match(match)).matches(packet);
    return packet.undecided ? "?" : yes ? "yes" : "no";
  }

  @ParameterizedTest
  @CsvSource({
    "--uid-owner 1000, 192.0.2.1:40000, 198.51.100.7:443, yes",
    "--uid-owner 0, 192.0.2.1:40000, 198.51.100.7:443, no",
    "--uid-owner 0, 192.0.2.1:40000, 198.51.100.8:443, yes",
    "--uid-owner 0-999, 192.0.2.1:22, 198.51.100.9:1024, yes",
    "! --uid-owner 0, 192.0.2.1:22, 198.51.100.9:1024, no",
    "--uid-owner 33, 192.0.2.1:80, 198.51.100.9:1024, yes",
    "--uid-owner 34, 192.0.2.1:80, 192.0.2.9:5000, yes",
    "--uid-owner 33, [2001:db8::1]:80, [2001:db8::9]:1024, yes",
    "--uid-owner 1000, [2001:db8::1]:40001, [2001:db8::7]:443, yes",
    "--uid-owner 1000, [2001:db8::1]:40001, [2001:db8::8]:443, ?",
    "--uid-owner 0, 192.0.2.1:40002, 198.51.100.7:443, ?",
    "--socket-exists, 192.0.2.1:40002, 198.51.100.7:443, yes",
    "! --socket-exists, 192.0.2.1:40002, 198.51.100.7:443, no",
    "--uid-owner 0, 192.0.2.1:40003, 198.51.100.7:443, ?",
    "--socket-exists, 192.0.2.1:50000, 198.51.100.7:443, ?",
  })
  void linesOfSsSayWhoSends(String options, String from, String to, String answer)
      throws IOException {
    assertThat(ask(SS, options, Packets.tcp(from, to))).isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "--uid-owner 1000 --gid-owner 100, 40000, yes",
    "--gid-owner 27, 40000, no",
    "--gid-owner 27 --suppl-groups, 40000, yes",
    "! --gid-owner 27 --suppl-groups, 40000, no",
    "! --gid-owner 28 --suppl-groups, 40000, yes",
    "--uid-owner 1001 --gid-owner 100, 40001, ?",
    "--uid-owner 1000 --gid-owner 100, 40001, no",
  })
  void rowsOfCsvSayWhoSends(String options, int port, String answer) throws IOException {
    Packets packets = Packets.tcp("192.0.2.1:" + port, "198.51.100.7:443");
    assertThat(ask(CSV, options, packets)).isEqualTo(answer);
  }

  @Test
  void whatHasNoPortsIsFoundByItsProtocol() throws IOException {
    Packets ping = Packets.icmp("192.0.2.1", "198.51.100.7", 8, 0);
    assertThat(ask(CSV, "--uid-owner root", ping)).isEqualTo("yes");
    assertThat(ask(SS, "--uid-owner root", ping)).isEqualTo("?");
    Packets dns = Packets.udp("192.0.2.1:53", "198.51.100.7:53");
    assertThat(ask(CSV, "--gid-owner 53", dns)).isEqualTo("yes");
    assertThat(ask(CSV, "--uid-owner 53", dns)).isEqualTo("?");
    assertThat(ask(SS, "--uid-owner 101", dns)).as("another address").isEqualTo("?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          tcp LISTEN 0 1 0.0.0.0:ssh 0.0.0.0:* => owners:1: "ssh" is no port; expected a number
          tcp LISTEN 0 1 300.0.0.1:22 0.0.0.0:* => owners:1: "300.0.0.1" is no address
          tcp,*,22,*,*,0,0, => owners:1: this looks like CSV without a header; expected protocol,
          protocol,uid,name => owners:1: no column "name"; known: gid
          local_port,uid => owners:1: the column protocol is missing
          protocol,uid|tcp => owners:2: 1 columns; expected 2: protocol,uid
          protocol,uid|tpc,0 => owners:2: no protocol "tpc"
          protocol,uid|tcp,root => owners:2: "root" is no uid; expected a number
          """)
  void badListsAreRefusedWithTheirLine(String list, String message) {
    assertThatThrownBy(() -> SocketOwnersParser.parse("owners", list.replace('|', '\n')))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(message);
  }
}
