package org.fwreplay.report.diff;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.fwreplay.diff.Change;
import org.fwreplay.diff.DiffResult;
import org.fwreplay.report.Replays;
import org.fwreplay.report.page.DiffHtml;
import org.fwreplay.rule.Ruleset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The home router's ruleset against the changed ones of captures/diff. */
class DiffCasesTest {
  private static final Path CASES = Differences.CASES;

  static List<String> cases() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static String json(DiffView view) {
    StringWriter out = new StringWriter();
    DiffJson.write(view, out);
    return out.toString();
  }

  /** {@code -Dfwreplay.golden=update} writes the files anew. */
  @ParameterizedTest
  @MethodSource("cases")
  void theDifferenceIsAsReviewed(String name) throws IOException {
    Path golden = CASES.resolve(name).resolve("diff.json");
    String report = json(Differences.view(name, true));
    if ("update".equals(System.getProperty("fwreplay.golden"))) {
      Files.writeString(golden, report);
    }

    assertThat(report).isEqualTo(Files.readString(golden));
    String schema = Files.readString(Replays.ROOT.resolve("reports/schema/diff-1.json"));
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(report, InputFormat.JSON))
        .isEmpty();
  }

  @Test
  void everyChangeHasACase() throws IOException {
    Set<Change> shown = EnumSet.noneOf(Change.class);
    for (String name : cases()) {
      DiffResult result = Differences.view(name, true).result();
      result.changed().forEach(each -> shown.add(each.change()));
    }

    assertThat(shown).containsExactlyInAnyOrder(Change.values());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyConnectionHasOneCause(String name) throws IOException {
    DiffResult result = Differences.view(name, true).result();

    assertThat(result.causes().stream().flatMap(cause -> cause.conversations().stream()))
        .containsExactlyInAnyOrderElementsOf(result.changed());
    assertThat(result.causes()).allMatch(cause -> cause.isolated());
  }

  /** Each ruleset's counters are what they are when it runs alone. */
  @ParameterizedTest
  @MethodSource("cases")
  void inLockStepEachRunIsAsItIsAlone(String name) throws IOException {
    DiffResult result = Differences.view(name, false).result();
    Ruleset now = Differences.rules("captures/diff/" + name + "/new.v4");

    assertThat(result.old().rules4().save())
        .isEqualTo(Replays.recorded("home-router").run().rules4().save());
    assertThat(result.now().rules4().save())
        .isEqualTo(Replays.builder("home-router").rules4(now).build().run().rules4().save());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void thePageIsTheSameEachTimeAndNothingInItIsMarkupOfOthers(String name) throws IOException {
    StringWriter page = new StringWriter();
    DiffHtml.write(Differences.view(name, true), page);
    StringWriter again = new StringWriter();
    DiffHtml.write(Differences.view(name, true), again);

    assertThat(page).hasToString(again.toString());
    assertThat(page.toString())
        .contains("default-src &#39;none&#39;; style-src &#39;sha256-")
        .doesNotContain("http:", "https:", " onclick=");
  }

  @Test
  void howTheHostsOwnAnswerLooksIsPartOfTheFate() throws IOException {
    String tos = "-A POSTROUTING -p icmp -m icmp --icmp-type 11 -j TOS --set-tos 0x10";

    assertThat(Differences.view(List.of(), List.of(tos)).result().changed())
        .isNotEmpty()
        .allMatch(each -> each.change() == Change.MARKED_DIFFERENTLY);
  }

  @Test
  void nobodyCanTellALostAnswerFromADrop() throws IOException {
    String silent = "-A OUTPUT -p icmp -m icmp --icmp-type 11 -j DROP";
    String earlier = "-A PREROUTING -i lan -m ttl --ttl-eq 1 -j DROP";

    assertThat(Differences.view(List.of(silent), List.of(silent, earlier)).result().changed())
        .isNotEmpty()
        .allMatch(each -> each.change() == Change.OTHER_RULE);
  }

  @Test
  void findingsAreAtTheRulesToBlame() throws IOException {
    assertThat(
            DiffFindings.of(Differences.view("only-together", true), Set.of(Change.NEWLY_BLOCKED)))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.error()).isTrue();
              assertThat(finding.file()).isEqualTo("captures/diff/only-together/new.v4");
              assertThat(finding.line()).isEqualTo(19);
              assertThat(finding.related()).hasSize(1);
              assertThat(finding.message()).startsWith("3 connections\ntcp 192.168.1.10:59198 -> ");
            });
  }

  @Test
  void markdownHasTheEditsAndTheConnections() throws IOException {
    assertThat(DiffMarkdown.of(Differences.view("only-together", true)))
        .contains(
            "### Firewall: 3 newly-blocked\n",
            "#### 2 edits, only together\n",
            "+ captures/diff/only-together/new.v4:73  -A FORWARD -m mark --mark 0x7 -j DROP\n",
            "- **newly-blocked**: 3 connections, 72 frames, 33,387 bytes\n",
            "| `tcp 192.168.1.10:59198 -> 198.51.100.80:80` | forwarded, out wan via ");
  }
}
