package org.fwreplay.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Tcp;
import org.fwreplay.replay.ReplayInput;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.Replays;
import org.fwreplay.report.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HtmlReportTest {
  @TempDir private Path dir;

  static List<String> cases() throws IOException {
    return Replays.cases();
  }

  private static String page(ReplayResult result) {
    StringWriter out = new StringWriter();
    HtmlReport.write(result, out);
    return out.toString();
  }

  private static int count(String text, String regex) {
    return (int) Pattern.compile(regex).matcher(text).results().count();
  }

  /** Opened elements are closed again in order; void ones apart. */
  private static void checkNesting(String page) {
    String markup = page.replaceAll("(?s)<(script|style)>.*?</\\1>", "");
    Matcher tags = Pattern.compile("<(/?)([a-z][a-z0-9]*)[^>]*>").matcher(markup);
    java.util.ArrayDeque<String> open = new java.util.ArrayDeque<>();
    while (tags.find()) {
      String name = tags.group(2);
      if (List.of("meta", "input").contains(name)) {
        continue;
      }
      if (tags.group(1).isEmpty()) {
        open.push(name);
      } else {
        assertThat(open.pop()).as("closed at %d", tags.start()).isEqualTo(name);
      }
    }
    assertThat(open).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aPageIsWellFormedAndNeedsNothingElse(String name) throws IOException {
    String page = page(Replays.result(Replays.recorded(name)));

    checkNesting(page);
    assertThat(page).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
    assertThat(page).doesNotContain("http:", "https:", "<link", "<img", "@import", "url(");
    assertThat(page).doesNotContain(" style=").doesNotContainPattern(" on[a-z]+=");
    assertThat(page.length()).isLessThan(1_000_000);
  }

  @Test
  void theSameResultGivesTheSamePage() throws IOException {
    assertThat(page(Replays.result(Replays.recorded("dmz"))))
        .isEqualTo(page(Replays.result(Replays.recorded("dmz"))));
  }

  @Test
  void onlyTheStyleAndScriptInsideAreAllowed() throws Exception {
    String page = page(Replays.result(Replays.recorded("server"))).replace("&#39;", "'");

    for (String element : List.of("style", "script")) {
      Matcher inside =
          Pattern.compile("(?s)<" + element + ">(.*?)</" + element + ">").matcher(page);
      assertThat(inside.find()).isTrue();
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(inside.group(1).getBytes(StandardCharsets.UTF_8));
      String hash = Base64.getEncoder().encodeToString(digest);
      assertThat(page).contains(element + "-src 'sha256-" + hash + "'");
    }
    assertThat(page).contains("content=\"default-src 'none'; ");
  }

  @Test
  void everyLinkLeadsToAPlaceInThePage() throws IOException {
    for (String name : Replays.cases()) {
      String page = page(Replays.result(Replays.recorded(name)));
      List<String> places = found(page, "\\sid=\"([^\"]*)\"");
      Set<String> different = new HashSet<>(places);
      assertThat(different).as(name).hasSameSizeAs(places);
      List<String> links = new ArrayList<>(found(page, "href=\"#([^\"]*)\""));
      links.addAll(found(page, "data-place=\"([^\"]*)\""));
      links.addAll(found(page, "\\[\"(r[46]-[0-9]+)\""));
      assertThat(links.stream().filter(link -> !different.contains(link))).as(name).isEmpty();
    }
  }

  private static List<String> found(String page, String regex) {
    return Pattern.compile(regex).matcher(page).results().map(m -> m.group(1)).toList();
  }

  @Test
  void whatComesFromRulesAndCapturesIsNoMarkup() throws IOException {
    String interfaceName = "<i>&\"'";
    Traffic traffic = new Traffic();
    traffic.at(0, interfaceName.replace("<i>", "i"));
    traffic.udp("10.0.0.1:5", "192.0.2.1:53", Traffic.dnsQuery("<script>alert(2)</script>.x"));
    traffic.tcp("10.0.0.1:5", "192.0.2.1:80", Tcp.SYN, 1, 0);
    String rules =
        """
        *filter
        :FORWARD ACCEPT [0:0]
        :<b>chain</b> - [0:0]
        -A FORWARD -m comment --comment "<script>alert(1)</script> -j DROP" -j <b>chain</b>
        -A FORWARD -p tcp -j LOG --log-prefix "</code><script>alert(3)"
        COMMIT
        """;
    Path capture = traffic.write(dir).get(0).capture();
    ReplayRun run =
        ReplayRun.builder()
            .rules4(Replays.ruleset(Family.IPV4, "<img src=x>.v4", rules))
            .input(ReplayInput.at(interfaceName, capture))
            .build();

    String page = page(Replays.result(run));

    checkNesting(page);
    assertThat(count(page, "<script")).isEqualTo(2);
    assertThat(count(page, "<(img|b>chain|i>&)")).isZero();
    assertThat(page)
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
        .contains("&lt;script>alert\\(2\\)".replace(">", "&gt;"))
        .contains("&lt;img src=x&gt;.v4")
        .contains("&lt;b&gt;chain&lt;/b&gt;")
        .contains("&lt;/code&gt;&lt;script&gt;alert(3)");
  }

  @Test
  void rulesThatWereNeverHitAreMarkedAndLongRunsOfThemSummedUp() throws IOException {
    Traffic traffic = new Traffic().at(0, "lan").udp("10.0.0.1:5", "192.0.2.1:9");
    StringBuilder never = new StringBuilder();
    for (int port = 1; port <= 100; port++) {
      never.append("-A FORWARD -p tcp -m tcp --dport " + port + " -j DROP\n");
    }
    String rules =
        "*filter\n:FORWARD ACCEPT [0:0]\n" + never + "-A FORWARD -p udp -j ACCEPT\nCOMMIT\n";

    String page = page(Replays.result(Replays.of(rules, traffic, dir)));

    assertThat(page).contains("94 rules never hit, lines 6 to 99");
    assertThat(count(page, "<span class=\"tag\">never hit")).isEqualTo(6);
    assertThat(page).contains("<span class=\"target passed\">ACCEPT</span>");
  }

  @Test
  void rulesSayWhenTheyWereHitAndWhyTheyNeverCan() throws IOException {
    Traffic traffic = new Traffic();
    traffic.at(0, "lan").udp("10.0.0.1:5", "192.0.2.1:9");
    traffic.at(1250, "lan").udp("10.0.0.1:5", "192.0.2.1:53");
    traffic.at(2500, "lan").udp("10.0.0.1:6", "192.0.2.1:53");
    String rules =
        """
        *filter
        :FORWARD ACCEPT [0:0]
        -A FORWARD -p udp -m udp --dport 53 -j ACCEPT
        -A FORWARD -p udp -m udp --dport 53 -s 10.0.0.1/32 -j DROP
        COMMIT
        """;

    String page = page(Replays.result(Replays.of(rules, traffic, dir)));

    assertThat(page)
        .contains("data-label=\"first\">1.250<")
        .contains("data-label=\"last\">2.500<")
        .contains("2 rules, 1 never hit, 1 of them unreachable")
        .contains("no packet gets here: line 3 takes all that could match");
  }

  @Test
  void whatDoesNotFitIsCountedAndThePageStaysBelowTenMegabytes() {
    List<Integer> rows = java.util.stream.IntStream.range(0, 1000).boxed().toList();
    Grid<Integer> grid =
        new Grid<>(
            rows,
            List.of(
                Column.numbers("n", "N", n -> n), Column.words("w", "W", n -> "word " + n % 10)));

    Grid.Embedded all = grid.embed(1_000_000);
    Grid.Embedded some = grid.embed(1_000);

    assertThat(all.rows()).isEqualTo(1000);
    assertThat(some.rows()).isBetween(100, 300);
    assertThat(some.json()).hasSizeLessThanOrEqualTo(1_000).startsWith("{\"rows\":" + some.rows());
    assertThat(grid.embed(0).rows()).isZero();
  }

  @Test
  void theLifeOfATriggerIsTold() throws IOException {
    ReplayRun run =
        Replays.builder("bittorrent")
            .rules4(
                Replays.ruleset(
                    Family.IPV4,
                    "rules.v4",
                    Files.readString(Replays.ROOT.resolve("rulesets/trigger/rules.v4"))))
            .build();

    String page = page(Replays.result(run));

    checkNesting(page);
    assertThat(page)
        .contains("<h2 id=\"triggers-title\">Port triggers</h2>")
        .contains("<th scope=\"row\">tcp 6969</th>");
  }

  @Test
  void aRunWithoutFramesAndRulesHasAPage() throws IOException {
    Path empty = dir.resolve("empty.pcap");
    new org.fwreplay.capture.PcapWriter(empty, 101).commit();

    String page =
        page(Replays.result(ReplayRun.builder().input(ReplayInput.somewhere(empty)).build()));

    checkNesting(page);
    assertThat(page).contains("<h1>0 frames through no rules</h1>");
  }
}
