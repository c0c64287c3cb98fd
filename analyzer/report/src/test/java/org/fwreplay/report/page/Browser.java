package org.fwreplay.report.page;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium of the system's, and what tests ask of it. Nothing is downloaded: where there
 * is none, tests are skipped, unless the system property {@code fwreplay.browser} is {@code
 * required}.
 */
final class Browser implements AutoCloseable {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final String AXE = "/axe.min.js";

  /** Selenium knows no DevTools of this version and says so; here only plain calls are made. */
  private static final Logger DEVTOOLS = Logger.getLogger("org.openqa.selenium.devtools");

  /** How long anything may take on a busy machine; only what hangs takes longer. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts it, or has the tests skipped. */
  static Browser start() {
    File browser = find(BROWSERS.stream());
    File driver = find(Stream.of("chromedriver"));
    if (browser == null || driver == null) {
      String reason =
          "no "
              + (browser == null ? "Chromium" : "chromedriver")
              + " on the PATH (Debian: apt-get"
              + " install chromium chromium-driver)";
      if ("required".equals(System.getProperty("fwreplay.browser"))) {
        fail(reason);
      }
      System.out.println("Tests of pages in a browser SKIPPED: " + reason);
      abort(reason);
    }
    DEVTOOLS.setLevel(Level.SEVERE);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser);
    options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
    options.addArguments("--disable-dev-shm-usage", "--disable-background-networking");
    options.addArguments("--lang=en-US");
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(driver).usingAnyFreePort().build();
    ChromeDriver chromium = new ChromeDriver(service, options);
    chromium.manage().timeouts().scriptTimeout(PATIENCE).pageLoadTimeout(PATIENCE);
    return new Browser(chromium);
  }

  private static File find(Stream<String> names) {
    String[] folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
    return names
        .flatMap(name -> Stream.of(folders).map(folder -> new File(folder, name)))
        .filter(File::canExecute)
        .findFirst()
        .orElse(null);
  }

  /** Opens a page at a width and in a scheme. */
  void open(Path page, int width, boolean dark) {
    scheme(dark);
    width(width);
    driver.get(page.toUri().toString());
  }

  void scheme(boolean dark) {
    media("", dark);
  }

  /** Has the page drawn as on paper. */
  void print() {
    media("print", false);
  }

  private void media(String type, boolean dark) {
    Map<String, Object> feature =
        Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia", Map.of("media", type, "features", List.of(feature)));
  }

  private void width(int width) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Clicks on an element in the middle of the window, where nothing lies over it. */
  void click(WebElement element) {
    run("arguments[0].scrollIntoView({block: 'center'})", element);
    element.click();
  }

  /** What a script returns. */
  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  WebElement one(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** The texts of elements as they are shown. */
  @SuppressWarnings("unchecked")
  List<String> texts(String selector) {
    return (List<String>)
        run(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText.trim())",
            selector);
  }

  /** Types keys wherever the focus is. */
  void keys(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  /** What the page complained of since it was asked last. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Serious and critical findings of axe-core, a line each. */
  @SuppressWarnings("unchecked")
  List<String> accessibilityFindings() {
    run(resource(AXE));
    return (List<String>)
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run(document).then((result) => done(result.violations
              .filter((v) => v.impact === "serious" || v.impact === "critical")
              .flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target + " " + n.failureSummary))));
            """);
  }

  private static String resource(String name) {
    try (InputStream in = Browser.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps a picture of the window in target/screenshots. */
  void picture(String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target/screenshots"));
    Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
