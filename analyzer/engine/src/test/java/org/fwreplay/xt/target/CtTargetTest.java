package org.fwreplay.xt.target;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CT and NOTRACK. */
class CtTargetTest {
  private final Evaluation evaluation =
      TestServices.evaluation(new TestServices(), Hook.PREROUTING);
  private final Packet packet = TestPackets.tcp4(Tcp.SYN, "", "");

  private Connection apply(String rule) {
    PacketTarget target = TargetOptions.parse(Family.IPV4, rule);
    assertThat(target.bind(null).apply(packet, evaluation)).isEqualTo(Verdict.CONTINUE);
    return Connection.of(packet);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-j NOTRACK", "-j CT --notrack"})
  void aPacketIsKeptFromTracking(String rule) {
    assertThat(apply(rule)).isNull();
    assertThat(packet.trackInfo).isEqualTo(CtInfo.UNTRACKED);
    assertThat(TargetOptions.parse(Family.IPV4, rule).needsConntrack()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-j NOTRACK", "-j CT --notrack", "-j CT --zone 3"})
  void aPacketThatIsTakenAlreadyIsLeftAlone(String rule) {
    Connection earlier = new Connection();
    packet.tracked = earlier;
    packet.trackInfo = CtInfo.ESTABLISHED;
    assertThat(apply(rule)).isSameAs(earlier);
    packet.tracked = null;
    packet.trackInfo = CtInfo.UNTRACKED;
    assertThat(apply(rule)).isNull();
    assertThat(packet.trackInfo).isEqualTo(CtInfo.UNTRACKED);
  }

  @ParameterizedTest
  @CsvSource({
    "--zone 9, 9, false, 3",
    "--zone-orig 9, 9, false, 1",
    "--zone-reply mark, 0, true, 2",
    "--zone-orig 1 --zone-reply 2, 2, false, 3"
  })
  void theTemplateNamesTheZone(String options, int zone, boolean fromMark, int directions) {
    Connection template = apply("-j CT " + options);
    assertThat(template.is(Connection.TEMPLATE)).isTrue();
    assertThat(packet.trackInfo).isEqualTo(CtInfo.NEW);
    assertThat(template.zone).isEqualTo(zone);
    assertThat(template.extension().zoneFromMark).isEqualTo(fromMark);
    assertThat(template.extension().zoneDirections).isEqualTo(directions);
  }

  @ParameterizedTest
  @CsvSource({"--zone 1, -1", "--ctevents new, 1", "'--ctevents related,mark', 130"})
  void theTemplateNamesTheEvents(String options, int mask) {
    assertThat(apply("-j CT " + options).extension().eventMask).isEqualTo(mask);
  }

  @Test
  void eventsOfExpectationsOnlyMeanNoneOfConnections() {
    assertThat(apply("-j CT --expevents new").extension().eventMask).isZero();
  }

  @Test
  void aTemplateNeedsConnectionTracking() {
    assertThat(TargetOptions.parse(Family.IPV4, "-j CT").needsConntrack()).isTrue();
  }
}
