package org.fwreplay.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.ParseResult;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.xt.Extensions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the linter says never matches, against every packet of a small world walked plainly. */
class BruteForceTest {
  private static final int RULESETS = 100;
  private static final Set<String> DEAD = Set.of("unreachable", "contradiction");
  private static final Extensions EXTENSIONS = Extensions.load();

  /**
   * Share of the rules without hits that must be found dead. The rest is beyond the model: what
   * changed a mark, and what goes together in the small world by chance, as lengths and marks.
   */
  private static final double FOUND = 0.85;

  private int dead;
  private int withoutHits;

  @ParameterizedTest
  @EnumSource(Family.class)
  void noPacketHitsARuleThatIsCalledDeadAndNearlyAllDeadOnesAreFound(Family family) {
    SmallWorld world = new SmallWorld(family);
    for (int seed = 1; seed <= RULESETS; seed++) {
      check(world, family, new RandomRules(seed, family).next(), seed);
    }

    assertThat(dead).as("rules called dead").isGreaterThan(RULESETS);
    assertThat((double) dead / withoutHits).as("share of dead rules found").isGreaterThan(FOUND);
  }

  private void check(SmallWorld world, Family family, String text, int seed) {
    ParseResult result = RulesetParser.parse(family, "rules", text, EXTENSIONS);
    assertThat(result.isValid()).as("seed %s: %s", seed, result.diagnostics()).isTrue();
    BoundRuleset bound = world.walk(result.ruleset());
    Set<Integer> calledDead = deadLines(Linter.lint(result));
    for (int place = 0; place < bound.ruleCount(); place++) {
      Rule rule = bound.rule(place).rule();
      boolean isCalledDead = calledDead.contains(rule.position().line());
      dead += isCalledDead ? 1 : 0;
      withoutHits += bound.packets(place) == 0 ? 1 : 0;
      if (isCalledDead) {
        assertThat(bound.packets(place))
            .as("seed %s: hits of %s in\n%s", seed, rule, text)
            .isZero();
      }
    }
  }

  private static Set<Integer> deadLines(List<Finding> findings) {
    Set<Integer> lines = new HashSet<>();
    for (Finding finding : findings) {
      boolean never =
          finding.code().equals("interface-never-set") && finding.message().contains("never match")
              || finding.code().equals("duplicate") && finding.message().contains("takes all");
      if (never || DEAD.contains(finding.code())) {
        lines.add(finding.position().line());
      }
    }
    return lines;
  }
}
