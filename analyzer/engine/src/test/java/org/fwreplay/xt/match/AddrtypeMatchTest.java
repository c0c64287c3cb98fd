package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.xt.TestRun;
import org.junit.jupiter.api.Test;

/** What {@code -m addrtype} says on a host with two interfaces. */
class AddrtypeMatchTest {
  private final HostBuilder builder = Host.builder();
  private final int lan;
  private final int wan;
  private final TestRun run;

  AddrtypeMatchTest() {
    builder.add("lo", 0, "127.0.0.1/8", "::1/128");
    lan = builder.add("lan", 1, "192.168.1.1/24", "2001:db8:1::1/64");
    wan = builder.add("wan", 2, "203.0.113.1/24", "2001:db8:2::1/64");
    run = new TestRun(null, builder.build());
  }

  private Packet to(String destination) {
    return Packets.udp("192.168.1.5:1", destination).interfaces(lan, wan).build();
  }

  @Test
  void addressesOfTheHostAreLocal() {
    assertThat(run.match("addrtype --dst-type LOCAL").matches(to("203.0.113.1:1"))).isTrue();
    assertThat(run.match("addrtype --dst-type LOCAL").matches(to("203.0.113.2:1"))).isFalse();
    assertThat(run.match("addrtype ! --dst-type LOCAL").matches(to("203.0.113.2:1"))).isTrue();
    assertThat(run.match("addrtype --src-type LOCAL").matches(to("203.0.113.1:1"))).isFalse();
  }

  @Test
  void broadcastMulticastAndTheRest() {
    Packet broadcast = to("192.168.1.255:1");
    assertThat(run.match("addrtype --dst-type BROADCAST").matches(broadcast)).isTrue();
    assertThat(run.match("addrtype --dst-type BROADCAST").matches(to("255.255.255.255:1")))
        .isTrue();
    assertThat(run.match("addrtype --dst-type MULTICAST").matches(to("224.0.0.1:1"))).isTrue();
    assertThat(run.match("addrtype --dst-type UNICAST,MULTICAST").matches(to("8.8.8.8:1")))
        .isTrue();
    assertThat(
            run.match("addrtype --src-type UNICAST ! --dst-type UNICAST").matches(to("8.8.8.8:1")))
        .isFalse();
  }

  @Test
  void limitedToAnInterfaceOthersAddressesAreUnicast() {
    assertThat(run.match("addrtype --dst-type LOCAL --limit-iface-in").matches(to("192.168.1.1:1")))
        .isTrue();
    assertThat(run.match("addrtype --dst-type LOCAL --limit-iface-in").matches(to("203.0.113.1:1")))
        .isFalse();
    assertThat(
            run.match("addrtype --dst-type LOCAL --limit-iface-out").matches(to("203.0.113.1:1")))
        .isTrue();
    assertThat(
            run.match("addrtype --dst-type UNICAST --limit-iface-out").matches(to("192.168.1.1:1")))
        .isTrue();
  }

  @Test
  void ipv6AddressesAreLocalOrMulticastToo() {
    Packet local = Packets.udp("[2001:db8:1::5]:1", "[2001:db8:2::1]:1").build();
    assertThat(run.match6("addrtype --dst-type LOCAL").matches(local)).isTrue();
    assertThat(run.match6("addrtype --src-type LOCAL").matches(local)).isFalse();
    Packet group = Packets.udp("[2001:db8:1::5]:1", "[ff02::1]:1").build();
    assertThat(run.match6("addrtype --dst-type MULTICAST").matches(group)).isTrue();
    assertThat(run.match6("addrtype --dst-type UNICAST").matches(group)).isFalse();
  }
}
