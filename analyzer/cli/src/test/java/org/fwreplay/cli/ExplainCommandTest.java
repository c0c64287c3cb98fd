package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {
  private final Commands fwreplay = new Commands();

  private int explain(Object... more) {
    Object[] input = {
      "explain",
      "--host",
      Commands.kernel("home-router", "."),
      "--rules",
      Commands.rules("home-router"),
      "--in",
      "lan=" + Commands.kernel("home-router", "in.lan.pcap"),
      "--in",
      "wan=" + Commands.kernel("home-router", "in.wan.pcap"),
      "--local",
      Commands.kernel("home-router", "local.pcap")
    };
    return fwreplay.run(Stream.of(input, more).flatMap(Arrays::stream).toArray());
  }

  @Test
  void everyRuleOnTheWayIsThereWithWhatItAskedAndWhatThePacketHad() {
    assertThat(explain("--frame", "0")).isEqualTo(ExitCode.OK);

    assertThat(fwreplay.out())
        .contains(
            "in lan: udp 192.168.1.10:45272 -> 192.168.1.1:53, TTL 64, 71 bytes\n",
            "  PREROUTING conntrack: NEW\n",
            "asks -m udp --dport 1900, the packet has dport 53\n",
            "asks ! -d 192.168.1.1/32, the packet has destination 192.168.1.1\n",
            "the packet has state NEW\n",
            "  routing: to this host\n",
            "      => 3 -A from-lan -p udp -m multiport --dports 53,67,123 -j ACCEPT")
        .endsWith("  => delivered\n");
  }

  @Test
  void aSelectorFindsTheFirstFrameThatFits() {
    assertThat(explain("--where", "in=wan proto=tcp dport=8080")).isEqualTo(ExitCode.OK);

    assertThat(fwreplay.out())
        .contains(
            "becomes", "192.168.1.20:80", "  routing: forward, out lan", "leaves by lan: tcp ");
    assertThat(fwreplay.err())
        .isEqualTo("explained: the first frame that fits; more with --limit N\n");
  }

  @Test
  void aFrameThatIsNotThereIsSaid() {
    assertThat(explain("--frame", "100000")).isEqualTo(ExitCode.NO);
    assertThat(fwreplay.err())
        .isEqualTo("--frame 100000: no such frame among 224 in the captures\n");
  }

  @Test
  void aSelectorThatCannotBeIsRefusedWithWhatThereIs() {
    assertThat(explain("--where", "prto=tcp")).isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.err()).contains("no key \"prto\"; did you mean proto? known: ");
    for (String wrong : new String[] {"dport=70000", "sport=9-3", "proto=256", "frame=-1"}) {
      assertThat(explain("--where", wrong)).as(wrong).isEqualTo(ExitCode.USAGE);
    }
    assertThat(explain()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void traceLinesAreWordedAsTheKernelDoes() {
    assertThat(explain("--frame", "0", "--trace")).isEqualTo(ExitCode.OK);
    assertThat(fwreplay.out()).startsWith("TRACE: raw:PREROUTING:policy:2 IN=lan OUT= MAC=02:");
  }

  @Test
  void jsonIsAsTheSchemaSays() throws IOException {
    assertThat(explain("--where", "proto=tcp,udp,icmp", "--limit", "50", "--json", "-"))
        .isEqualTo(ExitCode.OK);

    String schema = Files.readString(Commands.ROOT.resolve("reports/schema/explain-1.json"));
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(fwreplay.out(), InputFormat.JSON))
        .isEmpty();
  }
}
