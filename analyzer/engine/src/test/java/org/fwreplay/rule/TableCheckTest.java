package org.fwreplay.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Family;
import org.junit.jupiter.api.Test;

/** What the kernel looks at when a table is committed; tried with Linux 6.12. */
class TableCheckTest {

  @Test
  void chainsThatLeadInACircleAreRefused() {
    ParseResult result =
        Rules.filter(Family.IPV4, "-A INPUT -j A", "-A A -j B", "-A B -p tcp -j A");

    assertThat(Rules.errors(result))
        .containsExactly("6:1 table filter: chains lead in a circle: A -> B -> A");
  }

  @Test
  void gotoMakesACircleToo() {
    assertThat(Rules.errors(Rules.filter(Family.IPV4, "-A INPUT -g A", "-A A -g A")))
        .containsExactly("5:1 table filter: chains lead in a circle: A -> A");
  }

  @Test
  void aCircleThatNoHookReachesIsAccepted() {
    assertThat(Rules.filter(Family.IPV4, "-A A -j B", "-A B -j A").isValid()).isTrue();
  }

  @Test
  void aCircleBehindAnUnconditionalVerdictIsAccepted() {
    ParseResult result = Rules.filter(Family.IPV4, "-A INPUT -j A", "-A A -j RETURN", "-A A -j A");

    assertThat(result.isValid()).isTrue();
  }

  @Test
  void aChainCanBeReachedByManyWays() {
    ParseResult result =
        Rules.filter(Family.IPV4, "-A INPUT -j A", "-A INPUT -j B", "-A A -j B", "-A OUTPUT -j A");

    assertThat(result.isValid()).isTrue();
  }

  @Test
  void targetsAreRefusedWhereAHookThatTheyDoNotKnowReachesThem() {
    ParseResult result =
        Rules.parse(
            "*nat",
            ":A - [0:0]",
            "-A A -j SNAT --to-source 192.0.2.1",
            "-A POSTROUTING -j A",
            "-A PREROUTING -j A",
            "COMMIT");

    assertThat(Rules.errors(result))
        .containsExactly(
            "3:1 table nat: target SNAT is reached from PREROUTING (through chain A);"
                + " so used it works in INPUT, POSTROUTING only");
  }

  @Test
  void targetsThatNothingReachesAreAccepted() {
    assertThat(
            Rules.parse("*nat", ":A - [0:0]", "-A A -j SNAT --to-source 192.0.2.1", "COMMIT")
                .isValid())
        .isTrue();
    assertThat(
            Rules.parse(
                    "*nat",
                    ":A - [0:0]",
                    "-A PREROUTING -j A",
                    "-A A -j RETURN",
                    "-A A -j SNAT --to-source 192.0.2.1",
                    "COMMIT")
                .isValid())
        .isTrue();
  }
}
