package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ShowAndInfoTest {
  @TempDir private Path dir;
  private final Commands fwreplay = new Commands();

  @Test
  void showPrintsWhatShowReads() throws IOException {
    assertThat(fwreplay.run("show", Commands.rules("dmz"))).isEqualTo(ExitCode.OK);
    Path shown = Files.writeString(dir.resolve("shown.v4"), fwreplay.out());
    Commands again = new Commands();

    assertThat(again.run("show", shown)).isEqualTo(ExitCode.OK);

    assertThat(fwreplay.out()).startsWith("*").endsWith("COMMIT\n");
    assertThat(again.out().lines().sorted()).isEqualTo(fwreplay.out().lines().sorted().toList());
  }

  @Test
  void showReadsIpv6OnRequest() {
    Path rules = Commands.ROOT.resolve("rulesets/ipv6/rules.v6");

    assertThat(fwreplay.run("show", "--six", rules)).isEqualTo(ExitCode.OK);

    assertThat(fwreplay.out()).contains("-p ipv6-icmp");
  }

  @Test
  void showNamesAllThatIsWrong() throws IOException {
    Path rules =
        Files.writeString(
            dir.resolve("bad.v4"), "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p nope\n-X\nCOMMIT\n");

    assertThat(fwreplay.run("show", rules)).isEqualTo(ExitCode.RULES_REJECTED);

    assertThat(fwreplay.out()).isEmpty();
    assertThat(fwreplay.errLines()).hasSizeGreaterThanOrEqualTo(1);
    assertThat(fwreplay.err()).contains("bad.v4:3:");
  }

  @Test
  void infoGoesOnAfterWhatIsNoCapture() throws IOException {
    Path text = Files.writeString(dir.resolve("a.txt"), "no capture");

    assertThat(fwreplay.run("info", text, Commands.kernel("server", "in.eth0.pcap")))
        .isEqualTo(ExitCode.TROUBLE);

    assertThat(fwreplay.errLines()).hasSize(1).first().asString().contains("a.txt: byte 0: ");
    assertThat(fwreplay.out()).contains("ipv4 tcp");
  }

  @Test
  void infoAsJsonIsAllOnStandardOutput() {
    Path capture = Commands.kernel("home-router", "in.lan.pcap");

    assertThat(fwreplay.run("info", "--json", "-", capture)).isEqualTo(ExitCode.OK);

    JsonNode info = JsonMapper.shared().readTree(fwreplay.out()).at("/captures/0");
    assertThat(info.get("packets").asInt()).isEqualTo(93);
    assertThat(info.at("/interfaces/0/linkType").asString()).isEqualTo("Ethernet");
  }

  @Test
  void infoWritesJsonToAFile() throws IOException {
    Path json = dir.resolve("i.json");

    assertThat(fwreplay.run("info", Commands.kernel("dmz", "in.lan.pcap"), "--json", json))
        .isEqualTo(ExitCode.OK);

    assertThat(Files.readString(json)).contains("fwreplay/info/1");
    assertThat(fwreplay.out()).contains("protocols");
  }

  @Test
  void bothNeedSomethingToRead() {
    assertThat(fwreplay.run("show")).isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.run("info")).isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.run("info", "--hosts", "-1", "x.pcap")).isEqualTo(ExitCode.USAGE);
  }
}
