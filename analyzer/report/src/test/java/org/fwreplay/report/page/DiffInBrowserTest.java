package org.fwreplay.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fwreplay.packet.Family;
import org.fwreplay.report.Replays;
import org.fwreplay.report.diff.DiffView;
import org.fwreplay.report.diff.Differences;
import org.fwreplay.rule.Ruleset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page of a comparison as people use it: skipped where there is no browser. */
class DiffInBrowserTest {
  @TempDir private static Path dir;
  private static Browser browser;

  @BeforeAll
  static void start() {
    browser = Browser.start();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void nothingWasBlockedAndNothingFailed() {
    assertThat(browser.complaints()).isEmpty();
  }

  private static void open(DiffView view, int width, boolean dark) throws IOException {
    Path page = dir.resolve("diff.html");
    try (Writer out = Files.newBufferedWriter(page)) {
      DiffHtml.write(view, out);
    }
    browser.open(page, width, dark);
  }

  @Test
  void oldAndNewStandSideBySide() throws IOException {
    open(Differences.view("only-together", true), 1280, false);

    assertThat(browser.one(".edit .old").getRect().getY())
        .isEqualTo(browser.one(".edit .new").getRect().getY());
    assertThat(browser.texts("#flows tbody tr")).hasSize(3);
    assertThat(browser.texts("#flows td.old").get(0)).startsWith("forwarded");
    assertThat(browser.texts("#flows td.new").get(0)).startsWith("dropped");

    browser.keys("/");
    browser.keys("no-such-thing");
    assertThat(browser.one("#shown").getText()).isEqualTo("None of 3 fits");
    browser.keys(Keys.ESCAPE);
    browser.keys(Keys.ARROW_DOWN, Keys.ENTER);
    assertThat(browser.one("#flows tr.detail").getText()).contains("Parted at frame", "-j DROP");
    browser.one("#flows tbody td.cause a").click();
    assertThat(browser.run("return location.hash")).isEqualTo("#cause-1");
    browser.picture("diff");
  }

  @Test
  void aCauseShowsItsConnections() throws IOException {
    open(Differences.view("two-edits", true), 1280, false);
    assertThat(browser.all("#flows tbody tr")).hasSize(2);

    browser.click(browser.one("#cause-2 button.show"));

    assertThat(browser.texts("#only button")).containsExactly("only cause 2 \u2715");
    assertThat(browser.texts("#flows td.change")).containsExactly("nat changed");
  }

  @Test
  void aPhoneHasThemBelowEachOtherAndNeverScrollsSideways() throws IOException {
    open(Differences.view("two-edits", true), 360, false);

    assertThat(browser.run("return document.documentElement.scrollWidth")).isEqualTo(360L);
    assertThat(browser.one("#cause-1 .new").isDisplayed()).isFalse();
    assertThat(browser.one("#cause-2 .old").getRect().getX())
        .isEqualTo(browser.one("#cause-2 .new").getRect().getX());
    browser.picture("phone-diff");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void axeFindsNothingSerious(boolean dark) throws IOException {
    open(Differences.view("only-together", true), 1280, dark);

    assertThat(browser.accessibilityFindings()).isEmpty();
  }

  @Test
  void rulesThatAreMarkupStayText() throws IOException {
    Ruleset hostile =
        Replays.ruleset(
            Family.IPV4,
            "<b>new</b>.v4",
            "*filter\n-A FORWARD -m comment --comment \"<script>alert(1)</script>\" -j DROP\nCOMMIT\n");
    open(Differences.view("<b>new</b>.v4", hostile, true), 1280, false);
    browser.one("#flows button.verdict").click();

    assertThat(browser.all("main script, main b b, h2 b")).isEmpty();
    assertThat(browser.one("main").getText()).contains("<script>alert(1)</script>");
  }
}
