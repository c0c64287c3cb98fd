package org.fwreplay.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.List;
import org.fwreplay.capture.ReaderKind;
import org.fwreplay.host.Host;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.Ruleset;
import org.junit.jupiter.api.Test;

class RunCopyTest {
  @Test
  void aCopyHasAllThatTheOtherHas() throws IllegalAccessException {
    Ruleset rules = new Ruleset(Family.IPV4, List.of(), "rules");
    ReplaySetup other =
        ReplayRun.builder()
            .host(Host.builder().build())
            .rules4(rules)
            .rules6(rules)
            .seed(7)
            .undecidedMatches(true)
            .queues(number -> null)
            .diverts(port -> null)
            .reader(ReaderKind.values()[ReaderKind.values().length - 1])
            .mention(List.of(rules))
            .input(ReplayInput.somewhere(Path.of("a.pcap")));

    ReplaySetup copy = other.copy();

    for (Field field : ReplaySetup.class.getDeclaredFields()) {
      field.setAccessible(true);
      assertThat(field.get(copy)).as(field.getName()).isEqualTo(field.get(other));
    }
  }
}
