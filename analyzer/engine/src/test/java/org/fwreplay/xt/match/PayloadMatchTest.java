package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.TestRun;
import org.junit.jupiter.api.Test;

/** What matches on IPsec, SCTP and DCCP, and BPF programs, say of packets. */
class PayloadMatchTest {
  private static final String A = "192.0.2.1";
  private static final String B = "198.51.100.2";

  private final TestRun run = new TestRun();

  private static Packet packet(int protocol, int... bytes) {
    byte[] payload = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      payload[i] = (byte) bytes[i];
    }
    return Packets.ip(A, B, protocol).payload(payload).build();
  }

  private boolean matches(String text, Packet packet) {
    return run.match(text).matches(packet);
  }

  @Test
  void spisOfIpsecAreUnsigned() {
    Packet esp = packet(Protocols.ESP, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1);
    assertThat(matches("esp -p esp --espspi 4294967295", esp)).isTrue();
    assertThat(matches("esp -p esp --espspi 0:4294967294", esp)).isFalse();
    assertThat(matches("esp -p esp ! --espspi 1:2", esp)).isTrue();
    Packet ah = packet(Protocols.AH, 17, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
    assertThat(matches("ah -p ah --ahspi 256", ah)).isTrue();
    assertThat(matches("ah -p ah ! --ahspi 256", ah)).isFalse();
    Packet comp = packet(Protocols.IPCOMP, 6, 0, 0, 9);
    assertThat(matches("ipcomp -p ipcomp --ipcompspi 9", comp)).isTrue();
    assertThat(matches("ipcomp -p ipcomp", comp)).as("asks for 0").isFalse();
  }

  private static Packet l2tp(int... bytes) {
    byte[] payload = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      payload[i] = (byte) bytes[i];
    }
    return Packets.udp(A + ":1701", B + ":1701").payload(payload).build();
  }

  @Test
  void tunnelsAndSessionsOfL2tpLieWhereVersionAndFlagsSay() {
    Packet data2 = l2tp(0, 2, 0, 5, 0, 7, 0, 0);
    assertThat(matches("l2tp -p udp --tid 5 --sid 7 --pversion 2 --type data", data2)).isTrue();
    assertThat(matches("l2tp -p udp --tid 7", data2)).isFalse();
    assertThat(matches("l2tp -p udp --sid 7 --pversion 3", data2)).isFalse();
    Packet control2 = l2tp(0xc8, 2, 0, 12, 0, 5, 0, 7, 0, 0, 0, 0);
    assertThat(matches("l2tp -p udp --tid 5 --sid 9", control2)).as("no session").isTrue();
    assertThat(matches("l2tp -p udp --tid 12", control2)).as("the length").isFalse();
    Packet data3 = l2tp(0, 3, 0, 0, 0, 1, 0, 0);
    assertThat(matches("l2tp -p udp --tid 1 --sid 65536", data3)).as("no tunnel").isTrue();
    assertThat(matches("l2tp -p udp --type control", data3)).isFalse();
    Packet control3 = l2tp(0xc8, 3, 0, 12, 0, 1, 0, 0, 0, 0, 0, 0);
    assertThat(matches("l2tp -p udp --tid 65536 --type control", control3)).isTrue();
    assertThat(matches("l2tp -p udp --sid 1", l2tp(0, 1, 0, 1, 0, 1, 0, 0))).isFalse();
    assertThat(matches("l2tp -p udp --sid 1", l2tp(0, 3, 0, 0, 0, 1))).as("cut").isFalse();
  }

  @Test
  void l2tpInIpIsControlWhereTheSessionIsZero() {
    Packet data = packet(Protocols.L2TP, 0, 0, 0, 9);
    assertThat(matches("l2tp -p l2tp --sid 9 --pversion 3", data)).isTrue();
    assertThat(matches("l2tp -p l2tp --sid 8", data)).isFalse();
    Packet control = packet(Protocols.L2TP, 0, 0, 0, 0, 0xc8, 3, 0, 12, 0, 0, 0, 6);
    assertThat(matches("l2tp -p l2tp --tid 6 --type control", control)).isTrue();
    assertThat(matches("l2tp -p l2tp --tid 7", control)).isFalse();
    assertThat(matches("l2tp -p l2tp --tid 0", packet(Protocols.L2TP, 0, 0, 0, 0))).isFalse();
  }

  @Test
  void tooShortPacketsAreDropped() {
    assertThat(run.match("esp -p esp").drops(packet(Protocols.ESP, 0, 0, 0, 1, 0))).isTrue();
    assertThat(run.match("ah -p ah").drops(packet(Protocols.AH, 17, 1, 0, 0))).isTrue();
    assertThat(run.match("ipcomp -p ipcomp").drops(packet(Protocols.IPCOMP, 6, 0))).isTrue();
    assertThat(run.match("dccp -p dccp").drops(packet(Protocols.DCCP, 0, 1))).isTrue();
    assertThat(run.match("sctp -p sctp").drops(packet(Protocols.SCTP, 0, 1))).isTrue();
  }

  /** Ports 1 and 2, then chunks. */
  private static Packet sctp(int... chunks) {
    int[] bytes = new int[12 + chunks.length];
    bytes[1] = 1;
    bytes[3] = 2;
    System.arraycopy(chunks, 0, bytes, 12, chunks.length);
    return packet(Protocols.SCTP, bytes);
  }

  @Test
  void chunksAreComparedAsAllAnyOrOnly() {
    // SACK, and DATA with flags B and E, of 5 bytes with 3 of padding
    Packet packet = sctp(3, 0, 0, 4, 0, 3, 0, 5, 9, 0, 0, 0);
    assertThat(matches("sctp -p sctp --sport 1 ! --dport 1 --chunk-types any INIT,DATA", packet))
        .isTrue();
    assertThat(matches("sctp -p sctp --chunk-types any INIT", packet)).isFalse();
    assertThat(matches("sctp -p sctp --chunk-types all SACK,DATA", packet)).isTrue();
    assertThat(matches("sctp -p sctp --chunk-types all SACK,INIT", packet)).isFalse();
    assertThat(matches("sctp -p sctp --chunk-types only SACK,DATA,INIT", packet)).isTrue();
    assertThat(matches("sctp -p sctp --chunk-types only SACK", packet)).isFalse();
    assertThat(matches("sctp -p sctp ! --chunk-types only SACK", packet)).isTrue();
    assertThat(matches("sctp -p sctp --chunk-types only ALL", packet)).isTrue();
    assertThat(matches("sctp -p sctp --chunk-types all NONE", packet)).isTrue();
    assertThat(matches("sctp -p sctp --chunk-types any NONE", packet)).isFalse();
  }

  @Test
  void flagsOfChunksAreAskedForByTheirCase() {
    Packet packet = sctp(0, 3, 0, 4);
    assertThat(matches("sctp -p sctp --chunk-types all DATA:BE", packet)).isTrue();
    assertThat(matches("sctp -p sctp --chunk-types all DATA:BEu", packet)).isTrue();
    assertThat(matches("sctp -p sctp --chunk-types all DATA:b", packet)).isFalse();
    assertThat(matches("sctp -p sctp --chunk-types any DATA:U", packet)).isFalse();
  }

  @Test
  void chunksThatCannotBeReadAreDropped() {
    assertThat(run.match("sctp -p sctp --chunk-types any DATA").drops(sctp())).isTrue();
    assertThat(run.match("sctp -p sctp --chunk-types all DATA").drops(sctp(0, 3, 0, 0))).isTrue();
    assertThat(run.match("sctp -p sctp --chunk-types all DATA").drops(sctp(0, 3, 0, 4, 1)))
        .isTrue();
    assertThat(matches("sctp -p sctp --sport 1", sctp())).isTrue();
  }

  /** A DCCP packet with a short sequence number. */
  private static Packet dccp(int type, int words, int... rest) {
    int[] bytes = new int[12 + rest.length];
    bytes[1] = 5;
    bytes[3] = 6;
    bytes[4] = words;
    bytes[8] = type << 1;
    System.arraycopy(rest, 0, bytes, 12, rest.length);
    return packet(Protocols.DCCP, bytes);
  }

  @Test
  void dccpHasTypesAndOptions() {
    Packet data = dccp(2, 5, 1, 40, 3, 0, 32, 2, 0, 0);
    assertThat(matches("dccp -p dccp --sport 5 --dport 6", data)).isTrue();
    assertThat(matches("dccp -p dccp --dccp-types DATA,ACK", data)).isTrue();
    assertThat(matches("dccp -p dccp ! --dccp-types DATA", data)).isFalse();
    assertThat(matches("dccp -p dccp --dccp-option 32", data)).isTrue();
    assertThat(matches("dccp -p dccp --dccp-option 33", data)).isFalse();
    assertThat(matches("dccp -p dccp ! --dccp-option 33", data)).isTrue();
    assertThat(matches("dccp -p dccp --dccp-types INVALID", dccp(13, 6))).isTrue();
    assertThat(matches("dccp -p dccp --dccp-option 32", dccp(0, 5, 0, 0, 0, 0, 32, 2, 0, 0)))
        .as("behind the service code")
        .isTrue();
  }

  @Test
  void dccpThatLiesAboutItsHeaderIsDropped() {
    assertThat(run.match("dccp -p dccp --dccp-option 1").drops(dccp(0, 3))).isTrue();
    assertThat(run.match("dccp -p dccp --dccp-option 1").drops(dccp(2, 200))).isTrue();
  }

  @Test
  void bpfReadsFromTheIpHeaderOn() {
    Packet udp = Packets.udp(A + ":1000", B + ":53").build();
    String protocol = "bpf --bytecode \"4,48 0 0 9,21 0 1 %d,6 0 0 1,6 0 0 0\"";
    assertThat(matches(String.format(protocol, 17), udp)).isTrue();
    assertThat(matches(String.format(protocol, 6), udp)).isFalse();
    // X = length of the IP header; the destination port behind it
    String port = "bpf --bytecode \"5,177 0 0 0,72 0 0 2,21 0 1 %d,6 0 0 1,6 0 0 0\"";
    assertThat(matches(String.format(port, 53), udp)).isTrue();
    assertThat(matches(String.format(port, 54), udp)).isFalse();
  }

  @Test
  void bpfCalculatesUnsignedAndEndsWhereItCannotGoOn() {
    Packet udp = Packets.udp(A + ":1000", B + ":53").mark(7).build();
    assertThat(matches("bpf --bytecode \"2,128 0 0 0,22 0 0 0\"", udp)).as("length").isTrue();
    assertThat(matches("bpf --bytecode \"2,32 0 0 25,6 0 0 1\"", udp)).as("past end").isFalse();
    assertThat(matches("bpf --bytecode \"2,60 0 0 0,6 0 0 1\"", udp)).as("X is 0").isFalse();
    assertThat(matches("bpf --bytecode \"4,0 0 0 4294967295,53 0 1 5,6 0 0 1,6 0 0 0\"", udp))
        .isTrue();
    assertThat(matches("bpf --bytecode \"4,32 0 0 4294963220,21 0 1 7,6 0 0 1,6 0 0 0\"", udp))
        .as("the packet's mark")
        .isTrue();
    assertThat(matches("bpf --bytecode \"5,0 0 0 5,2 0 0 1,97 0 0 1,135 0 0 0,22 0 0 0\"", udp))
        .as("memory and registers")
        .isTrue();
    assertThat(matches("bpf --bytecode \"2,48 0 0 4293918729,22 0 0 0\"", udp))
        .as("from the network header")
        .isTrue();
  }

  @Test
  void bpfThatAsksForTheProcessorIsUndecided() {
    Packet udp = Packets.udp(A + ":1000", B + ":53").build();
    assertThat(matches("bpf --bytecode \"2,32 0 0 4294963236,6 0 0 1\"", udp)).isFalse();
    assertThat(udp.undecided).isTrue();
  }
}
