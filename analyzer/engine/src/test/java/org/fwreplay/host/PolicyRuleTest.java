package org.fwreplay.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that lead to table 100 (by interface a) or past it to main (by interface b). */
class PolicyRuleTest {
  private static final String STANDARD =
      """
      [{"priority":0,"src":"all","table":"local"},%s
       {"priority":32766,"src":"all","table":"main"}]
      """;

  @TempDir Path dir;
  private final RouteQuery query = new RouteQuery();
  private final RouteResult result = new RouteResult();
  private Host host;

  private void rules(String middle) throws IOException {
    Files.writeString(dir.resolve("rule.json"), STANDARD.formatted(middle));
    Files.writeString(
        dir.resolve("addr.json"),
        """
        [{"ifname":"a","flags":["UP"],"addr_info":[]},{"ifname":"b","flags":["UP"]},
         {"ifname":"in","flags":["UP"]}]
        """);
    Files.writeString(
        dir.resolve("route.json"),
        """
        [{"dst":"default","dev":"a","table":"100"},{"dst":"10.0.0.0/8","dev":"b"},
         {"dst":"default","dev":"b"}]
        """);
    host = Host.load(dir);
    query.clear();
    query.iif = host.interfaceByName("in").id();
    query.srcLo = 0xc0a80107L;
    query.dstLo = 0x08080808L;
  }

  private String way() {
    int decision = host.newRouter().input(query, result);
    return decision == RouteResult.FORWARD
        ? host.networkInterface(result.oif).name()
        : Integer.toString(decision);
  }

  @Test
  void theMarkIsComparedUnderItsMask() throws IOException {
    rules(
        "{\"priority\":10,\"src\":\"all\",\"fwmark\":\"0x1\",\"fwmask\":\"0xf\",\"table\":\"100\"},");
    assertThat(way()).isEqualTo("b");
    query.mark = 0xf1;
    assertThat(way()).isEqualTo("a");
    query.mark = 0x11f;
    assertThat(way()).isEqualTo("b");
  }

  @Test
  void sourceAndInterfaceSelect() throws IOException {
    rules(
        "{\"priority\":10,\"src\":\"192.168.1.0\",\"srclen\":24,\"iif\":\"in\",\"table\":\"100\"},");
    assertThat(way()).isEqualTo("a");
    query.srcLo = 0xc0a80207L;
    assertThat(way()).isEqualTo("b");
  }

  @Test
  void notTurnsTheWholeSelectionRound() throws IOException {
    rules(
        "{\"priority\":10,\"not\":null,\"src\":\"192.168.1.0\",\"srclen\":24,\"table\":\"100\"},");
    assertThat(way()).isEqualTo("b");
    query.srcLo = 0xc0a80207L;
    assertThat(way()).isEqualTo("a");
  }

  @Test
  void protocolAndPortsSelect() throws IOException {
    rules(
        "{\"priority\":10,\"src\":\"all\",\"ipproto\":\"tcp\",\"dport_start\":80,\"dport_end\":90,"
            + "\"table\":\"100\"},");
    query.protocol = 6;
    query.destinationPort = 85;
    assertThat(way()).isEqualTo("a");
    query.destinationPort = 91;
    assertThat(way()).isEqualTo("b");
    query.protocol = 17;
    query.destinationPort = 85;
    assertThat(way()).isEqualTo("b");
  }

  @Test
  void gotoSkipsTheRulesBetween() throws IOException {
    rules(
        "{\"priority\":10,\"src\":\"192.168.1.0\",\"srclen\":24,\"goto\":30},"
            + "{\"priority\":20,\"src\":\"all\",\"table\":\"100\"},"
            + "{\"priority\":30,\"src\":\"all\",\"nop\":null},");
    assertThat(way()).isEqualTo("b");
    query.srcLo = 0xc0a80207L;
    assertThat(way()).isEqualTo("a");
  }

  @Test
  void aSuppressedDefaultRouteLeadsToTheNextRule() throws IOException {
    rules(
        "{\"priority\":10,\"src\":\"all\",\"table\":\"main\",\"suppress_prefixlen\":0},"
            + "{\"priority\":20,\"src\":\"all\",\"table\":\"100\"},");
    assertThat(way()).isEqualTo("a");
    query.dstLo = 0x0a000001L;
    assertThat(way()).isEqualTo("b");
  }

  @Test
  void rulesCanRefuseByThemselves() throws IOException {
    rules("{\"priority\":10,\"src\":\"all\",\"iif\":\"in\",\"action\":\"prohibit\"},");
    assertThat(way()).isEqualTo(Integer.toString(RouteResult.PROHIBIT));
    rules("{\"priority\":10,\"src\":\"all\",\"action\":\"unreachable\"},");
    assertThat(way()).isEqualTo(Integer.toString(RouteResult.NO_ROUTE));
    rules("{\"priority\":10,\"src\":\"all\",\"action\":\"blackhole\"},");
    assertThat(way()).isEqualTo(Integer.toString(RouteResult.BLACKHOLE));
  }

  @Test
  void aRuleForAMissingInterfaceNeverMatches() throws IOException {
    rules("{\"priority\":10,\"src\":\"all\",\"iif\":\"gone\",\"table\":\"100\"},");
    assertThat(way()).isEqualTo("b");
  }
}
