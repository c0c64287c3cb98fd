package org.fwreplay.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Tcp;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.Replays;
import org.fwreplay.report.Traffic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * The page of a replay as people use it: skipped where there is no browser, see {@link Browser}.
 */
class PageInBrowserTest {
  private static final int DESK = 1280;
  private static final int PHONE = 360;

  @TempDir private static Path dir;
  private static Browser browser;
  private static Path homeRouter;

  @BeforeAll
  static void start() throws IOException {
    browser = Browser.start();
    homeRouter = write("home-router", Replays.result(Replays.recorded("home-router")));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() {
    browser.open(homeRouter, DESK, false);
  }

  @AfterEach
  void nothingWasBlockedAndNothingFailed() {
    assertThat(browser.complaints()).isEmpty();
  }

  static Path write(String name, ReplayResult result) throws IOException {
    Path page = dir.resolve(name + ".html");
    try (Writer out = Files.newBufferedWriter(page)) {
      HtmlReport.write(result, out);
    }
    return page;
  }

  private static void search(String words) {
    WebElement field = browser.one("#search");
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE, words);
  }

  private static List<String> column(String name) {
    return browser.texts("#flows tbody tr[data-row] td." + name);
  }

  private static String shown() {
    return browser.one("#shown").getText();
  }

  private static String background() {
    return (String) browser.run("return getComputedStyle(document.body).backgroundColor");
  }

  // -- search, sort, filter ----------------------------------------------------------------------

  @Test
  void everyConnectionIsThere() throws IOException {
    browser.run("document.getElementById('connections').scrollIntoView()");
    browser.picture("connections");
    assertThat(shown()).isEqualTo("1\u201363 of 63");
    assertThat(browser.all("#flows tbody tr")).hasSize(63);
    assertThat(browser.texts("#flows thead th"))
        .containsExactly(
            "Verdict",
            "Protocol",
            "From",
            "To",
            "In",
            "Out",
            "Packets",
            "Bytes",
            "At",
            "Decided by");
  }

  @Test
  void allWordsOfASearchMustFit() {
    search("198.51.100.80");
    assertThat(browser.texts("#flows tbody tr"))
        .isNotEmpty()
        .hasSizeLessThan(63)
        .allMatch(row -> row.contains("198.51.100.80"));

    search("198.51.100.80 icmp");
    assertThat(browser.texts("#flows tbody tr"))
        .isNotEmpty()
        .allMatch(row -> row.contains("198.51.100.80") && row.contains("icmp"));

    search("no such thing");
    assertThat(shown()).isEqualTo("None of 63 fits");
    assertThat(browser.all("#flows tbody tr")).isEmpty();
  }

  @Test
  void aSearchTakesTheSelectorsOfTheCommandLine() {
    search("dst=198.51.100.0/24 dport=80");
    assertThat(column("destination"))
        .isNotEmpty()
        .allMatch(end -> end.matches("(?s)198\\.51\\.100\\.\\d+:80\\b.*"));

    search("proto=!tcp,icmp");
    assertThat(column("protocol")).isNotEmpty().allMatch(name -> name.equals("udp"));

    search("in=wan verdict=dropped,rejected");
    assertThat(column("in")).isNotEmpty().containsOnly("wan");
    assertThat(column("verdict")).allMatch(text -> text.matches("(?s)(dropped|rejected).*"));
  }

  @Test
  void aColumnSortsBothWays() {
    WebElement bytes = browser.one("#flows thead th:nth-child(8)");
    bytes.findElement(By.tagName("button")).click();
    assertThat(bytes.getAttribute("aria-sort")).isEqualTo("ascending");
    List<String> ascending = column("bytes");
    bytes.findElement(By.tagName("button")).click();
    assertThat(bytes.getAttribute("aria-sort")).isEqualTo("descending");

    assertThat(column("bytes").get(0)).endsWith("kB").isEqualTo(ascending.get(62));
    assertThat(ascending.get(0)).endsWith(" B");
    assertThat(browser.all("#flows th[aria-sort]")).hasSize(1);
  }

  @Test
  void addressesSortByTheirNumbers() {
    browser.one("#flows thead th:nth-child(3) button").click();

    assertThat(column("source").get(0)).startsWith("192.0.2.44");
    assertThat(column("source").get(62)).startsWith("203.0.113.2");
  }

  @Test
  void verdictsAndProtocolsCanBeChosen() {
    WebElement sent = browser.one("#verdicts button:nth-child(1)");
    String word = sent.getText().split(" ")[0];
    sent.click();
    assertThat(sent.getAttribute("aria-pressed")).isEqualTo("false");
    assertThat(column("verdict")).isNotEmpty().noneMatch(text -> text.startsWith(word));
    sent.click();
    assertThat(browser.all("#flows tbody tr")).hasSize(63);

    browser.one("#choose-protocol").sendKeys("udp");
    assertThat(column("protocol")).isNotEmpty().containsOnly("udp");
  }

  // -- from elsewhere to the connections ---------------------------------------------------------

  @Test
  void aClickOnARulesCounterShowsItsConnections() {
    WebElement rule = browser.one(".rules tr.hit button.show[data-place]");
    String anchor = rule.getAttribute("data-place");
    String line = browser.one("#" + anchor + " .line").getText();
    rule.click();

    assertThat(browser.texts("#only button")).containsExactly("only line " + line + " \u2715");
    List<WebElement> rows = browser.all("#flows tbody tr");
    assertThat(rows).isNotEmpty().hasSizeLessThan(63);
    for (int i = 0; i < rows.size(); i++) {
      browser.all("#flows button.verdict").get(i).click();
      assertThat(browser.one("#flows tr.detail").getText()).contains("line " + line);
      browser.all("#flows button.verdict").get(i).click();
    }

    browser.one("#only button").click();
    assertThat(browser.all("#flows tbody tr")).hasSize(63);
  }

  @Test
  void aClickAnywhereOnARuleDoesToo() {
    browser.one(".rules tr.hit td.line").click();

    assertThat(browser.all("#only button")).hasSize(1);
    assertThat(browser.all("#flows tbody tr")).hasSizeLessThan(63);
  }

  @Test
  void everyRulesConnectionsAreThere() {
    for (WebElement rule : browser.all(".rules tr.hit button.show")) {
      browser.run("arguments[0].click()", rule);
      assertThat(browser.all("#flows tbody tr")).as(rule.getAttribute("data-place")).isNotEmpty();
    }
  }

  @Test
  void twoHostsAndAWayShowTheirConnections() {
    WebElement pair = browser.one(".pairs button.show");
    int count = Integer.parseInt(pair.getText());
    browser.click(pair);
    assertThat(browser.all("#flows tbody tr")).hasSize(count);
    browser.click(browser.one("#only button"));

    WebElement way = browser.one(".ways button.show");
    count = Integer.parseInt(way.getText());
    browser.click(way);
    assertThat(browser.all("#flows tbody tr")).hasSize(count);
  }

  @Test
  void aLinkToASectionLeadsThere() {
    browser.one("nav a[href='#connections']").click();

    assertThat(
            browser.run(
                "return document.querySelector('#connections h2').getBoundingClientRect().top"))
        .asInstanceOf(InstanceOfAssertFactories.type(Number.class))
        .satisfies(top -> assertThat(top.doubleValue()).isBetween(40.0, 200.0));
  }

  @Test
  void aDnsQuestionShowsItsConnection() {
    browser.one("#dns button.show").click();

    assertThat(browser.all("#flows tbody tr")).hasSize(1);
    assertThat(column("destination").get(0)).contains(":53");
  }

  @Test
  void aConnectionLeadsToItsRuleEvenIfThatIsNotShown() {
    browser.one("#shows button[data-show=idle]").click();
    assertThat(browser.all(".rules tr.hit")).noneMatch(WebElement::isDisplayed);

    WebElement link = browser.one("#flows tbody td.rule a");
    String anchor = link.getAttribute("href").replaceAll(".*#", "");
    link.click();

    assertThat(browser.one("#" + anchor).isDisplayed()).isTrue();
  }

  // -- keyboard ----------------------------------------------------------------------------------

  @Test
  void aSlashSearchesAndEscapeTakesBack() {
    browser.keys("/");
    assertThat(browser.focused().getAttribute("id")).isEqualTo("search");

    browser.keys("icmp");
    assertThat(browser.all("#flows tbody tr")).isNotEmpty().hasSizeLessThan(63);
    browser.keys("/");
    assertThat(browser.one("#search").getAttribute("value")).isEqualTo("icmp/");

    browser.keys(Keys.ESCAPE);
    assertThat(browser.one("#search").getAttribute("value")).isEmpty();
    assertThat(browser.all("#flows tbody tr")).hasSize(63);
  }

  @Test
  void rowsAreOpenedAndClosedWithTheKeyboard() {
    browser.keys("/");
    browser.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ENTER);

    WebElement second = browser.all("#flows button.verdict").get(1);
    assertThat(browser.focused()).isEqualTo(second);
    assertThat(second.getAttribute("aria-expanded")).isEqualTo("true");
    assertThat(browser.one("#flows tr.detail").getText()).contains("Rules hit", "Lasted");

    browser.keys(Keys.ESCAPE);
    assertThat(browser.all("#flows tr.detail")).isEmpty();
    assertThat(browser.focused()).isEqualTo(second);
    browser.keys(Keys.ARROW_UP);
    assertThat(browser.focused()).isEqualTo(browser.one("#flows button.verdict"));
  }

  @Test
  void escapeLeadsFromARulesConnectionsBackToTheRule() {
    WebElement rule = browser.one(".rules tr.hit button.show");
    rule.sendKeys(Keys.ENTER);
    assertThat(browser.focused().getAttribute("class")).isEqualTo("chip");

    browser.keys(Keys.ESCAPE);

    assertThat(browser.focused()).isEqualTo(rule);
    assertThat(browser.all("#flows tbody tr")).hasSize(63);
  }

  @Test
  void theFirstTabSkipsToTheContent() {
    browser.keys(Keys.TAB);

    assertThat(browser.focused().getText()).isEqualTo("Skip to the content");
    assertThat(browser.focused().getRect().getX()).isNotNegative();
  }

  @Test
  void theTabOrderIsThatOfThePageAndNothingIsATrap() {
    browser.keys("/");
    int before = 0;
    for (int i = 0; i < 40; i++) {
      browser.keys(Keys.TAB);
      int position =
          ((Long)
                  browser.run(
                      "return [...document.querySelectorAll('*')].indexOf(document.activeElement)"))
              .intValue();
      assertThat(position).as("step %d", i).isGreaterThan(before);
      before = position;
    }
  }

  // -- looks -------------------------------------------------------------------------------------

  @Test
  void lightAndDarkFollowTheSystem() throws IOException {
    assertThat(background()).isEqualTo("rgb(255, 255, 255)");
    browser.picture("light");

    browser.scheme(true);

    assertThat(background()).isEqualTo("rgb(20, 24, 27)");
    browser.picture("dark");
  }

  @Test
  void onPaperThereIsOnlyWhatCanBeRead() throws IOException {
    browser.scheme(true);
    browser.print();

    assertThat(background()).isEqualTo("rgb(255, 255, 255)");
    for (String selector : List.of("nav", "#controls", "#pager button", "#shows", ".skip")) {
      assertThat(browser.one(selector).isDisplayed()).as(selector).isFalse();
    }
    for (String selector : List.of("h1", "#rules", "#flows", "#shown")) {
      assertThat(browser.one(selector).isDisplayed()).as(selector).isTrue();
    }
    browser.picture("print");
  }

  @ParameterizedTest
  @ValueSource(strings = {"home-router", "dmz", "ipv6", "ftp", "sip", "bittorrent", "ipset"})
  void aPhoneNeverScrollsSideways(String name) throws IOException {
    Path page = write(name, Replays.result(Replays.recorded(name)));

    browser.open(page, PHONE, false);
    browser.one("#flows button.verdict").click();

    assertThat(browser.run("return document.documentElement.scrollWidth")).isEqualTo(360L);
    assertThat(
            browser.run(
                "return [...document.querySelectorAll('main *:not(.wide *):not(svg *)')]"
                    + ".filter((e) => e.getBoundingClientRect().right > 361 && e.offsetParent)"
                    + ".map((e) => e.outerHTML.slice(0, 200))"))
        .isEqualTo(List.of());
    browser.picture("phone-" + name);
  }

  @ParameterizedTest
  @CsvSource({"home-router,false", "home-router,true", "bittorrent,false", "sip,true"})
  void axeFindsNothingSerious(String name, boolean dark) throws IOException {
    Path page = write(name, Replays.result(Replays.recorded(name)));
    browser.open(page, DESK, dark);
    browser.one("#flows button.verdict").click();
    browser.one("#verdicts button").click();

    assertThat(browser.accessibilityFindings()).isEmpty();
  }

  // -- what others wrote -------------------------------------------------------------------------

  @Test
  void rulesAndInterfacesThatAreMarkupStayText() throws IOException {
    String markup = "<img_src=x>";
    Traffic traffic = new Traffic();
    traffic.at(0, markup).udp("10.0.0.1:5", "192.0.2.1:53", Traffic.dnsQuery("<b>x.</b>y"));
    traffic.at(5, "<script>");
    traffic.tcp("192.0.2.7:5", "10.0.0.1:80", Tcp.SYN, 1, 0);
    String rules =
        """
        *filter
        :FORWARD ACCEPT [0:0]
        :<i>chain</i> - [0:0]
        -A FORWARD -m comment --comment "<script>alert(3)</script>" -j <i>chain</i>
        -A FORWARD -i <script> -p tcp -j LOG --log-prefix "</code><script>alert(4)"
        -A FORWARD -i <img_src=x> -p icmp -j DROP
        -A FORWARD -m comment --comment "'\\"><svg onload=alert(5)>" -j ACCEPT
        COMMIT
        """;
    ReplayRun run =
        ReplayRun.builder()
            .rules4(Replays.ruleset(Family.IPV4, "<u>rules</u>.v4", rules))
            .input(traffic.writePcapng(dir.resolve("hostile")))
            .build();

    browser.open(write("hostile", Replays.result(run)), DESK, false);
    for (WebElement row : browser.all("#flows button.verdict")) {
      row.click();
    }

    assertThat(browser.all("img, main script, i:not(.dot), u, b b, svg[onload]")).isEmpty();
    assertThat(column("in")).contains(markup, "<script>");
    assertThat(browser.texts("td.rule").toString())
        .contains("<script>alert(3)</script>", "<svg onload=alert(5)>");
    assertThat(browser.texts("tr.detail").toString()).contains("<script>alert(3)</script>");
    browser.click(browser.one(".ways button.show"));
    assertThat(browser.all("#flows tbody tr[data-row]")).isNotEmpty();
    browser.click(browser.one(".rules button.show"));
    assertThat(browser.texts("#only button")).hasSize(2);
    browser.picture("hostile");
  }

  // -- size --------------------------------------------------------------------------------------

  @Test
  void aHundredThousandConnectionsAreStillUsed() throws IOException {
    Traffic traffic = new Traffic();
    for (int i = 0; i < 100_000; i++) {
      String source = "10." + (i >> 14 & 63) + "." + (i >> 7 & 127) + "." + (i & 127);
      traffic
          .at(i / 10, "lan")
          .udp(source + ":" + (1024 + i % 60_000), "192.0.2." + i % 250 + ":53");
    }
    String rules =
        """
        *filter
        :FORWARD DROP [0:0]
        -A FORWARD -s 10.1.0.0/16 -p udp -m udp --dport 53 -j ACCEPT
        -A FORWARD -m conntrack --ctstate NEW -s 10.2.3.4/32 -j ACCEPT
        COMMIT
        """;
    Path page = write("large", Replays.result(Replays.of(rules, traffic, dir.resolve("large"))));

    assertThat(Files.size(page)).isLessThan(10_000_000);
    browser.open(page, DESK, false);
    assertThat(shown()).isEqualTo("1\u2013100 of 100,000");

    search("dst=192.0.2.7 10.1.");
    awaitShown("1\u2013");
    assertThat(column("destination")).hasSizeBetween(1, 100).containsOnly("192.0.2.7:53");

    search("10.2.3.4:");
    awaitShown("1\u20131 of 1 (100,000 in all)");
    assertThat(column("verdict").get(0)).startsWith("passed");

    search("");
    awaitShown("1\u2013100 of 100,000");
    browser.one("#last").click();
    assertThat(shown()).isEqualTo("99,901\u2013100,000 of 100,000");
    browser.one("#flows thead th:nth-child(3) button").click();
    assertThat(column("source").get(0)).startsWith("10.0.0.0:");
    browser.one(".rules tr.hit button.show").click();
    assertThat(shown()).contains(" of 16,384 (");
    browser.picture("large");
  }

  private static void awaitShown(String beginning) {
    long end = System.nanoTime() + Browser.PATIENCE.toNanos();
    String last = "";
    while (System.nanoTime() < end) {
      // What was typed is searched a moment later, and then the line is another.
      browser.run("return new Promise((done) => setTimeout(done, 200))");
      last = shown();
      if (last.startsWith(beginning)) {
        return;
      }
    }
    assertThat(last).startsWith(beginning);
  }
}
