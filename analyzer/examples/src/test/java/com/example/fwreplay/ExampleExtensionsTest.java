package com.example.fwreplay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.fwreplay.capture.LinkLayer;
import org.fwreplay.capture.PcapWriter;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.replay.ReplayInput;
import org.fwreplay.replay.ReplayListener;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.rule.ParseResult;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.rule.RulesetWriter;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.LogRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ruleset that uses extensions of another jar is read, written and run like any other. */
class ExampleExtensionsTest {
  private static final Extensions EXTENSIONS = Extensions.load();

  @TempDir private Path dir;
  private final List<String> logged = new ArrayList<>();
  private final List<Fate> fates = new ArrayList<>();

  private static ParseResult parse(String... rules) {
    String text = "*filter\n:FORWARD ACCEPT\n" + String.join("\n", rules) + "\nCOMMIT\n";
    return RulesetParser.parse(Family.IPV4, "rules.v4", text, EXTENSIONS);
  }

  @Test
  void theRulesAreWrittenAsTheyAreSaved() {
    ParseResult result =
        parse(
            "-A FORWARD -p udp -m entropy ! --above 7.5 -j HONEYPOT",
            "-A FORWARD -j HONEYPOT --keep 0x3");

    assertThat(RulesetWriter.write(result.ruleset()))
        .contains("-A FORWARD -p udp -m entropy ! --above 7.50 -j HONEYPOT\n")
        .contains("-A FORWARD -j HONEYPOT --keep 3\n");
  }

  @Test
  void mistakesAreFoundWhereTheyAre() {
    ParseResult result =
        parse(
            "-A FORWARD -p udp -m entropy --above many",
            "-A FORWARD -p tcp -m entropy --above 5",
            "-A FORWARD -p udp -m entropy");

    assertThat(result.isValid()).isFalse();
    assertThat(result.diagnostics())
        .extracting(Object::toString)
        .satisfiesExactly(
            first -> assertThat(first).contains("rules.v4:3:38", "not a number of bits"),
            second -> assertThat(second).contains("needs the rule to name its protocol", "udp"),
            third -> assertThat(third).contains("\"--above\" must be specified"));
  }

  @Test
  void randomPayloadIsCaughtAndTheFirstAreLogged() throws IOException {
    Path capture = dir.resolve("in.pcap");
    byte[] random = new byte[512];
    new SplittableRandom(1).nextBytes(random);
    try (PcapWriter writer = new PcapWriter(capture, LinkLayer.RAW)) {
      for (int i = 0; i < 3; i++) {
        write(writer, random);
        write(writer, "GET / HTTP/1.1 and so on".getBytes(StandardCharsets.US_ASCII));
      }
      writer.commit();
    }

    ReplayRun.builder()
        .rules4(parse("-A FORWARD -p udp -m entropy --above 7 -j HONEYPOT --keep 2").ruleset())
        .input(ReplayInput.at("eth0", capture))
        .build()
        .listen(new Notes())
        .run();

    assertThat(logged).containsExactly("honeypot ", "honeypot ");
    assertThat(fates).filteredOn(fate -> fate == Fate.DROPPED).hasSize(3);
  }

  private final class Notes implements ReplayListener {
    @Override
    public void logged(Packet packet, Evaluation evaluation, LogRequest request) {
      logged.add(request.prefix());
    }

    @Override
    public void ended(Packet packet, Fate fate, Hook hook, int rule) {
      fates.add(fate);
    }
  }

  /** A datagram from 192.0.2.1 to 198.51.100.2 with no checksum of its own. */
  private static void write(PcapWriter writer, byte[] payload) {
    byte[] packet = new byte[28 + payload.length];
    byte[] header = {
      0x45,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      64,
      17,
      0,
      0,
      (byte) 192,
      0,
      2,
      1,
      (byte) 198,
      51,
      100,
      2,
      0x10,
      0,
      0x20,
      0
    };
    System.arraycopy(header, 0, packet, 0, header.length);
    System.arraycopy(payload, 0, packet, 28, payload.length);
    Bytes.put16(packet, 2, packet.length);
    Bytes.put16(packet, 24, packet.length - 20);
    Checksums.ipv4Header(packet, 0);
    try {
      writer.write(0, packet, 0, packet.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
