package org.fwreplay.xt.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.TargetExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where targets may be used, as the kernel registers them. */
class TargetPlacesTest {

  @ParameterizedTest
  @CsvSource({
    "REJECT, filter, INPUT FORWARD OUTPUT",
    "SNAT, nat, POSTROUTING INPUT",
    "DNAT, nat, PREROUTING OUTPUT",
    "MASQUERADE, nat, POSTROUTING",
    "REDIRECT, nat, PREROUTING OUTPUT",
    "NETMAP, nat, PREROUTING INPUT OUTPUT POSTROUTING"
  })
  void inOneTableFromSomeHooks(String name, String table, String hooks) {
    Set<Hook> expected = Arrays.stream(hooks.split(" ")).map(Hook::valueOf).collect(toSet());
    for (Family family : Family.values()) {
      TargetExtension target = TargetOptions.extension(family, name);
      assertThat(target.tables()).containsExactly(table);
      assertThat(target.hooks()).isEqualTo(expected);
    }
  }

  private static Collector<Hook, ?, Set<Hook>> toSet() {
    return Collectors.toCollection(() -> EnumSet.noneOf(Hook.class));
  }

  @ParameterizedTest
  @CsvSource({"TOS, mangle", "DSCP, mangle", "TCPOPTSTRIP, mangle", "CT, raw", "NOTRACK, raw"})
  void inOneTableFromEveryHook(String name, String table) {
    for (Family family : Family.values()) {
      TargetExtension target = TargetOptions.extension(family, name);
      assertThat(target.tables()).containsExactly(table);
      assertThat(target.hooks()).isEqualTo(EnumSet.allOf(Hook.class));
    }
  }

  @ParameterizedTest
  @CsvSource({"TTL, IPV4, IPV6", "ECN, IPV4, IPV6", "HL, IPV6, IPV4"})
  void inMangleOfOneFamily(String name, Family family, Family other) {
    assertThat(TargetOptions.extension(family, name).tables()).containsExactly("mangle");
    assertThat(TargetOptions.extension(other, name)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MARK", "CONNMARK", "LOG", "NFLOG", "TCPMSS"})
  void inEveryTable(String name) {
    for (Family family : Family.values()) {
      TargetExtension target = TargetOptions.extension(family, name);
      assertThat(target.tables()).isEmpty();
      assertThat(target.hooks()).isEqualTo(EnumSet.allOf(Hook.class));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TCPMSS", "TCPOPTSTRIP"})
  void forTcpOnly(String name) {
    assertThat(TargetOptions.extension(Family.IPV4, name).protocols())
        .containsExactly(Protocols.TCP);
  }
}
