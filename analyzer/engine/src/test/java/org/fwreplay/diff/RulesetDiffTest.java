package org.fwreplay.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.rule.RulesetWriter;
import org.fwreplay.xt.Extensions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesetDiffTest {
  private static final Extensions EXTENSIONS = Extensions.load();

  private static Ruleset rules(List<String> lines) {
    String text = "*filter\n" + String.join("\n", lines) + "\nCOMMIT\n";
    var result = RulesetParser.parse(Family.IPV4, "rules", text, EXTENSIONS);
    assertThat(result.isValid()).as(text).isTrue();
    return result.ruleset();
  }

  private static List<Edit> edits(List<String> old, List<String> now) {
    List<Edit> edits = new ArrayList<>();
    new RulesetDiff(Family.IPV4, rules(old), rules(now), edits);
    return edits;
  }

  private static List<String> words(List<Edit> edits) {
    return edits.stream()
        .map(
            e ->
                e.kind().text()
                    + " "
                    + (e.before() == null ? "-" : e.before().number())
                    + " "
                    + (e.after() == null ? "-" : e.after().number())
                    + e.words())
        .toList();
  }

  @Test
  void aRuleThatOnlyShiftedIsNoEdit() {
    List<String> old = List.of("-A INPUT -s 10.0.0.1 -j DROP", "-A INPUT -s 10.0.0.2 -j DROP");
    List<String> now = new ArrayList<>(old);
    now.add(0, "-A INPUT -p udp -j ACCEPT");

    assertThat(words(edits(old, now))).containsExactly("added - 1");
  }

  @Test
  void similarRulesAtOnePlaceAreOneEdit() {
    List<String> old = List.of("-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT", "-A INPUT -j DROP");
    List<String> now = List.of("-A INPUT -p tcp -m tcp --dport 81 -j ACCEPT", "-A INPUT -j DROP");

    assertThat(words(edits(old, now))).containsExactly("edited 1 1");
  }

  @Test
  void aRuleThatStandsElsewhereMoved() {
    List<String> old =
        List.of("-A INPUT -s 10.0.0.1 -j DROP", "-A INPUT -p udp -j ACCEPT", "-A INPUT -p tcp");
    List<String> now = List.of(old.get(1), old.get(2), old.get(0));

    assertThat(words(edits(old, now))).containsExactly("moved 1 3");
  }

  @Test
  void policiesAreEditsAndChainsOnlyByWhoJumpsThere() {
    List<String> old = List.of(":INPUT ACCEPT [0:0]");
    List<String> now =
        List.of(":INPUT DROP [0:0]", ":web - [0:0]", "-A INPUT -j web", "-A web -j ACCEPT");

    assertThat(words(edits(old, now)))
        .containsExactly("policy - -policy ACCEPT becomes DROP", "added - 1");
  }

  /** Random rulesets and edits: none of the edits is the old ruleset, all of them are the new. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void editsLeadFromTheOldToTheNew(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> old = new ArrayList<>(List.of(":INPUT ACCEPT [0:0]", ":a - [0:0]", ":b - [0:0]"));
    old.add("-A INPUT -j a");
    old.add("-A a -j b");
    for (int i = 0; i < 30; i++) {
      old.add(rule(random));
    }
    List<String> now = new ArrayList<>(old);
    for (int i = 0; i < 8; i++) {
      int at = 5 + random.nextInt(now.size() - 5);
      switch (random.nextInt(4)) {
        case 0 -> now.add(at, rule(random));
        case 1 -> now.remove(at);
        case 2 -> now.add(5 + random.nextInt(now.size() - 5), now.remove(at));
        default -> now.set(at, now.get(at).replace("DROP", "ACCEPT"));
      }
    }
    List<Edit> edits = new ArrayList<>();
    RulesetDiff diff = new RulesetDiff(Family.IPV4, rules(old), rules(now), edits);
    BitSet all = new BitSet();
    all.set(0, edits.size());

    assertThat(RulesetWriter.write(diff.apply(new BitSet()).ruleset()))
        .as("seed %d", seed)
        .isEqualTo(RulesetWriter.write(rules(old)));
    assertThat(RulesetWriter.write(diff.apply(all).ruleset()))
        .as("seed %d", seed)
        .isEqualTo(RulesetWriter.write(rules(now)));
    assertThat(edits.size()).as("seed %d", seed).isLessThanOrEqualTo(8);
  }

  private static String rule(SplittableRandom random) {
    String chain = List.of("INPUT", "a", "b").get(random.nextInt(3));
    String target = random.nextBoolean() ? "DROP" : "ACCEPT";
    return "-A " + chain + " -s 10.0.0." + random.nextInt(40) + " -j " + target;
  }
}
