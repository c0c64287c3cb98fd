package org.fwreplay.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SysctlsTest {
  private static InterfaceConf conf(String text) {
    NetInterface eth = NetInterface.ordinary(0, "eth0.10", 2, 1500, List.of());
    return InterfaceConf.of(Sysctls.parse("sysctl.txt", text), eth);
  }

  @Test
  void dotsAndSlashesAreTheSameName() {
    Sysctls sysctls =
        Sysctls.parse(
            "sysctl.txt",
            "net.ipv4.conf.eth0/10.rp_filter = 2\nnet/ipv4/ip_forward=1\n\n# x\n; y\n");
    assertThat(sysctls.get("net/ipv4/conf/eth0.10/rp_filter")).isEqualTo("2");
    assertThat(sysctls.getInt("net.ipv4.ip_forward", 0)).isEqualTo(1);
    assertThat(sysctls.isSet("net.ipv4.tcp_ecn")).isFalse();
    assertThat(sysctls.getInt("net.ipv4.tcp_ecn", 2)).isEqualTo(2);
  }

  @Test
  void aLineWithoutEqualsIsNamed() {
    assertThatThrownBy(() -> Sysctls.parse("h/sysctl.txt", "a = 1\nsomething else\n"))
        .isInstanceOf(HostException.class)
        .hasMessage("h/sysctl.txt:2: expected 'name = value', found 'something else'");
  }

  @Test
  void theGreaterReversePathFilterCounts() {
    String all = "net.ipv4.conf.all.rp_filter = ";
    String own = "net.ipv4.conf.eth0/10.rp_filter = ";
    assertThat(conf(all + "0\n" + own + "2").rpFilter()).isEqualTo(2);
    assertThat(conf(all + "2\n" + own + "1").rpFilter()).isEqualTo(2);
    assertThat(conf("").rpFilter()).isZero();
  }

  @Test
  void acceptLocalNeedsOneAndSourceRoutingBoth() {
    assertThat(conf("net.ipv4.conf.all.accept_local = 1").acceptLocal()).isTrue();
    assertThat(conf("net.ipv4.conf.eth0/10.accept_local = 1").acceptLocal()).isTrue();
    assertThat(conf("").acceptLocal()).isFalse();
    assertThat(conf("net.ipv4.conf.all.accept_source_route = 1").acceptSourceRoute()).isTrue();
    assertThat(conf("net.ipv4.conf.eth0/10.accept_source_route = 1").acceptSourceRoute()).isFalse();
  }

  @Test
  void forwardingIsTheInterfacesOwn() {
    assertThat(conf("net.ipv4.ip_forward = 1").forwarding()).isTrue();
    assertThat(conf("net.ipv4.ip_forward = 1\nnet.ipv4.conf.eth0/10.forwarding = 0").forwarding())
        .isFalse();
  }

  private static BitSet bitmap(String text) {
    return Sysctls.parse("sysctl.txt", text).getBitmap("net.ipv6.icmp.ratemask", 256, "1");
  }

  @Test
  void aBitmapIsAListOfRanges() {
    assertThat(bitmap("net.ipv6.icmp.ratemask = 0-1,3,253-255"))
        .isEqualTo(BitSet.valueOf(new long[] {11, 0, 0, 7L << 61}));
    assertThat(bitmap("net.ipv6.icmp.ratemask = ").isEmpty()).isTrue();
  }

  @Test
  void whatIsNoListOfRangesCountsAsNotSet() {
    BitSet otherwise = BitSet.valueOf(new long[] {2});
    assertThat(bitmap("")).isEqualTo(otherwise);
    for (String wrong : List.of("x", "3-", "-3", "5-4", "0-256", "1,,2", "1-2-3")) {
      assertThat(bitmap("net.ipv6.icmp.ratemask = " + wrong)).as(wrong).isEqualTo(otherwise);
    }
  }
}
