package org.fwreplay.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fwreplay.ipset.SetTexts.read;

import org.fwreplay.ipset.SetQuery.Comparison;
import org.fwreplay.ipset.SetQuery.Counter;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.junit.jupiter.api.Test;

/** What sets say of packets, and what packets do to sets. */
class SetLookupTest {
  private static final Packet WEB = Packets.tcp("10.0.0.9:1000", "192.0.2.1:80").build();
  private static final Packet PING = Packets.icmp("10.0.0.9", "192.0.2.1", 8, 0).build();
  private static final Packet SIX = Packets.udp("[2001:db8::9]:5", "[2001:db8:1::1]:53").build();

  private static SetQuery ask(Packet packet, String directions) {
    return ask(packet, directions, 0, Counter.ANY);
  }

  private static SetQuery ask(Packet packet, String directions, int flags, Counter packets) {
    String[] words = directions.split(",");
    boolean[] sources = new boolean[words.length];
    for (int i = 0; i < words.length; i++) {
      sources[i] = words[i].equals("src");
    }
    SetQuery query = new SetQuery(sources, flags, packets, Counter.ANY, -1);
    query.take(packet, "eth0", "eth1", true);
    return query;
  }

  private static boolean has(String header, String element, Packet packet, String directions) {
    IpSets sets = read("create s " + header, "add s " + element).newSets();
    return sets.find("s").matches(ask(packet, directions));
  }

  @Test
  void everyTypeFindsWhatThePacketSays() {
    assertThat(has("bitmap:ip range 10.0.0.0/24", "10.0.0.9", WEB, "src")).isTrue();
    assertThat(has("bitmap:port range 0-99", "80", WEB, "dst")).isTrue();
    assertThat(has("bitmap:port range 0-99", "80", PING, "dst")).isFalse();
    assertThat(has("hash:ip", "192.0.2.1", WEB, "dst")).isTrue();
    assertThat(has("hash:ip", "192.0.2.1", WEB, "src")).isFalse();
    assertThat(has("hash:ip netmask 24", "10.0.0.77", WEB, "src")).isTrue();
    assertThat(has("hash:mac", "02:00:00:00:00:01", WEB, "src")).isTrue();
    assertThat(has("hash:ip,mac", "10.0.0.9,02:00:00:00:00:02", WEB, "src,dst")).isTrue();
    assertThat(has("hash:net", "10.0.0.0/8", WEB, "src")).isTrue();
    assertThat(has("hash:net,net", "10.0.0.0/8,192.0.2.0/30", WEB, "src,dst")).isTrue();
    assertThat(has("hash:ip,port", "10.0.0.9,tcp:80", WEB, "src,dst")).isTrue();
    assertThat(has("hash:ip,port", "10.0.0.9,udp:80", WEB, "src,dst")).isFalse();
    assertThat(has("hash:ip,port", "10.0.0.9,icmp:ping", PING, "src,dst")).isTrue();
    assertThat(has("hash:net,port", "192.0.0.0/16,1000", WEB, "dst,src")).isTrue();
    assertThat(has("hash:ip,port,ip", "10.0.0.9,80,192.0.2.1", WEB, "src,dst,dst")).isTrue();
    assertThat(has("hash:ip,port,net", "10.0.0.9,80,192.0.0.0/9", WEB, "src,dst,dst")).isTrue();
    assertThat(has("hash:net,port,net", "0.0.0.0/0,80,192.0.2.1", WEB, "src,dst,dst")).isTrue();
    assertThat(has("hash:ip,mark", "10.0.0.9,0", WEB, "src,src")).isTrue();
    assertThat(has("hash:net,iface", "10.0.0.0/8,eth0", WEB, "src,src")).isTrue();
    assertThat(has("hash:net,iface", "10.0.0.0/8,eth wildcard", WEB, "src,dst")).isTrue();
    assertThat(has("hash:net family inet6", "2001:db8::/33", SIX, "src")).isTrue();
    assertThat(has("hash:ip,port family inet6", "2001:db8:1::1,udp:53", SIX, "dst,dst")).isTrue();
  }

  @Test
  void aRuleMustGiveEnoughDirectionsAndTheRightFamily() {
    assertThat(has("hash:ip,port", "10.0.0.9,tcp:80", WEB, "src")).isFalse();
    assertThat(has("hash:ip", "10.0.0.9", WEB, "src,dst")).isTrue();
    assertThat(has("hash:net family inet6", "2001:db8::/32", WEB, "src")).isFalse();
    assertThat(has("hash:net", "10.0.0.0/8", SIX, "src")).isFalse();
  }

  @Test
  void anExceptionFromANetworkDoesNotMatchButOnRequest() {
    IpSets sets =
        read("create s hash:net", "add s 10.0.0.0/8", "add s 10.0.0.0/24 nomatch").newSets();
    Packet other = Packets.udp("10.0.1.9:1", "192.0.2.1:2").build();
    IpSet set = sets.find("s");

    assertThat(set.matches(ask(WEB, "src"))).isFalse();
    assertThat(set.matches(ask(other, "src"))).isTrue();
    assertThat(set.matches(ask(WEB, "src", SetQuery.RETURN_NOMATCH, Counter.ANY))).isTrue();
    assertThat(set.matches(ask(other, "src", SetQuery.RETURN_NOMATCH, Counter.ANY))).isFalse();
  }

  @Test
  void packetsAreCountedBeforeCountersAreCompared() {
    IpSets sets = read("create s hash:ip counters", "add s 10.0.0.9").newSets();
    IpSet set = sets.find("s");
    Counter second = new Counter(Comparison.EQUAL, 2);

    assertThat(set.matches(ask(WEB, "src", 0, second))).isFalse();
    assertThat(set.matches(ask(WEB, "src", 0, second))).isTrue();
    assertThat(set.matches(ask(WEB, "src", SetQuery.SKIP_COUNTERS, second))).isTrue();
    assertThat(sets.save()).endsWith("add s 10.0.0.9 packets 2 bytes 80\n");
  }

  @Test
  void whatPacketsAddLeavesAgainWhenItsTimeIsOver() {
    IpSets sets = read("create s hash:ip timeout 10 counters").newSets();
    IpSet set = sets.find("s");
    sets.clock(5_000_000_000L);
    assertThat(set.add(ask(WEB, "src"))).isTrue();
    assertThat(set.add(ask(WEB, "src"))).as("it is there").isFalse();
    sets.clock(12_000_000_000L);
    assertThat(sets.save()).endsWith("add s 10.0.0.9 timeout 3 packets 1 bytes 40\n");
    assertThat(set.add(ask(WEB, "src", SetQuery.EXIST, Counter.ANY))).isTrue();
    sets.clock(22_000_000_000L);
    assertThat(set.matches(ask(WEB, "src"))).isTrue();
    sets.clock(22_004_000_000L);
    assertThat(set.matches(ask(WEB, "src"))).isFalse();
    assertThat(sets.save()).doesNotContain("add ");
  }

  @Test
  void theClockStartsWithTheFirstPacket() {
    SetFile file = read("create s hash:ip timeout 10", "add s 10.0.0.9 timeout 5");
    IpSets sets = file.newSets();
    sets.clock(1_700_000_000_000_000_000L);
    assertThat(sets.find("s").matches(ask(WEB, "src"))).isTrue();
    sets.clock(1_700_000_006_000_000_000L);
    assertThat(sets.find("s").matches(ask(WEB, "src"))).isFalse();
    assertThat(file.newSets().find("s").matches(ask(WEB, "src"))).as("of another run").isTrue();
  }

  @Test
  void packetsAreAddedAsNetworksOfTheLongestLengthThereIs() {
    IpSets sets = read("create s hash:net", "add s 172.16.0.0/16", "add s 172.20.0.0/20").newSets();
    assertThat(sets.find("s").add(ask(WEB, "src"))).isTrue();
    assertThat(sets.save()).contains("add s 10.0.0.0/20\n");
  }

  @Test
  void aMissingMacAddressIsLearntFromTheFirstPacket() {
    IpSets sets =
        read("create s bitmap:ip,mac range 10.0.0.0/24 timeout 60", "add s 10.0.0.9").newSets();
    assertThat(sets.find("s").matches(ask(WEB, "src,src"))).isTrue();
    assertThat(sets.save()).endsWith("add s 10.0.0.9,02:00:00:00:00:01 timeout 60\n");
    assertThat(sets.find("s").matches(ask(WEB, "src,dst"))).as("another one").isFalse();
  }

  @Test
  void aListAsksItsMembersInOrder() {
    IpSets sets =
        read(
                "create a hash:ip counters",
                "create b hash:net counters skbinfo",
                "add b 10.0.0.0/8 skbmark 0x5/0xf",
                "create s list:set counters",
                "add s a",
                "add s b")
            .newSets();
    SetQuery query = ask(WEB, "src");

    assertThat(sets.find("s").matches(query)).isTrue();
    assertThat(query.mark()).isEqualTo(5);
    assertThat(query.markMask()).isEqualTo(15);
    assertThat(sets.save())
        .contains("add b 10.0.0.0/8 packets 1 bytes 40 ")
        .contains("add s a packets 0 bytes 0\nadd s b packets 1 bytes 40\n");
    assertThat(sets.find("s").add(ask(PING, "dst"))).isTrue();
    assertThat(sets.save()).contains("add a 192.0.2.1 packets 1 bytes 28\n");
    assertThat(sets.find("s").delete(ask(PING, "dst"))).isTrue();
    assertThat(sets.save()).doesNotContain("192.0.2.1");
  }

  @Test
  void fragmentsWithoutPortsAreNotFound() {
    Packet later = Packets.tcp("10.0.0.9:1000", "192.0.2.1:80").fragment(64, false).build();
    assertThat(has("hash:ip,port", "10.0.0.9,tcp:80", later, "src,dst")).isFalse();
  }
}
