package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reports fit the schemas that are published for them: ours, SARIF's, JUnit's. */
class ReportSchemasTest {
  private static final Path OLD = Commands.rules("home-router");
  private static final Path VANTAGE = Commands.ROOT.resolve("captures/vantage");

  @TempDir private Path dir;

  private static List<Object> inputs() {
    return List.of(
        "--host",
        Commands.kernel("home-router", "."),
        "--in",
        "lan=" + Commands.kernel("home-router", "in.lan.pcap"),
        "--in",
        "wan=" + Commands.kernel("home-router", "in.wan.pcap"),
        "--local",
        Commands.kernel("home-router", "local.pcap"));
  }

  private static Path changed(String name) {
    return Commands.ROOT.resolve("captures/diff").resolve(name).resolve("new.v4");
  }

  /** Runs a command and gives what it printed. */
  private static String output(List<Object> inputs, Object... words) {
    List<Object> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(inputs);
    Commands fwreplay = new Commands();
    assertThat(fwreplay.run(all.toArray())).as(fwreplay.err()).isIn(ExitCode.OK, ExitCode.NO);
    return fwreplay.out();
  }

  private static void assertFits(String json, String schema) throws IOException {
    assertFits(
        json,
        Files.readString(Commands.ROOT.resolve("reports/schema").resolve(schema)),
        SpecificationVersion.DRAFT_2020_12);
  }

  private static void assertFits(String json, String schema, SpecificationVersion version) {
    var validator = SchemaRegistry.withDefaultDialect(version).getSchema(schema);
    assertThat(validator.validate(json, InputFormat.JSON)).isEmpty();
  }

  @Test
  void replay() throws IOException {
    assertFits(output(inputs(), "replay", "--rules", OLD, "--json", "-"), "replay-1.json");
  }

  @Test
  void replayWithModelAndReality() throws IOException {
    List<Object> oneSide =
        List.of("--host", VANTAGE.resolve("host"), "--vantage", "lan", VANTAGE.resolve("lan.pcap"));
    String json = output(oneSide, "replay", "--rules", changed("nat-changed"), "--json", "-");

    assertFits(json, "replay-1.json");
    assertThat(JsonMapper.shared().readTree(json).at("/reality/differences").size()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"newly-blocked", "two-edits", "only-together", "moved", "shifted"})
  void diff(String name) throws IOException {
    String json = output(inputs(), "diff", OLD, changed(name), "--symbolic", "--json", "-");

    assertFits(json, "diff-1.json");
    assertThat(JsonMapper.shared().readTree(json).path("symbolic").isArray()).isTrue();
  }

  @Test
  void explain() throws IOException {
    String json = output(inputs(), "explain", "--rules", OLD, "--where", "dport=53", "--json", "-");

    assertFits(json, "explain-1.json");
  }

  @Test
  void lint() throws IOException {
    Path rules = dir.resolve("rules.v4");
    String text = "*filter\n-A INPUT -j DROP\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n";
    assertFits(
        output(List.of(), "lint", Files.writeString(rules, text), "--json", "-"), "lint-1.json");
  }

  @Test
  void info() throws IOException {
    assertFits(
        output(List.of(), "info", VANTAGE.resolve("any.pcap"), "--json", "-"), "info-1.json");
  }

  private String sarifSchema() throws IOException {
    try (InputStream in =
        getClass().getClassLoader().getResourceAsStream("schema/sarif-schema-2.1.0.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void assertSarif(Path file, int results) throws IOException {
    String json = Files.readString(file);
    assertFits(json, sarifSchema(), SpecificationVersion.DRAFT_7);
    JsonNode found = JsonMapper.shared().readTree(json).at("/runs/0/results");
    assertThat(found.size()).isEqualTo(results);
  }

  @Test
  void whatIsNoSarifIsFound() throws IOException {
    var schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(sarifSchema());
    String wrong = "{\"version\":\"2.1.0\",\"runs\":[{\"results\":[{\"message\":\"\"}]}]}";

    assertThat(schema.validate(wrong, InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void sarifOfADiff() throws IOException {
    Path sarif = dir.resolve("diff.sarif");
    output(inputs(), "diff", OLD, changed("two-edits"), "--sarif", sarif);

    assertSarif(sarif, 2);
  }

  /** A suite of which one expectation holds and one, with characters of XML in it, does not. */
  private Path suite() throws IOException {
    String kernel = Commands.kernel("home-router", ".").toAbsolutePath().toString();
    String text =
        String.join(
            "\n",
            "rules: " + OLD.toAbsolutePath(),
            "host: " + kernel,
            "captures:",
            "  - lan: " + kernel + "/in.lan.pcap",
            "expect:",
            "  - name: \"<pings> & \\\"more\\\" \\u0001\"",
            "    connections: in=lan proto=icmp dst=192.168.1.1",
            "    verdict: blocked",
            "  - name: names",
            "    connections: in=lan proto=udp dport=53 dst=192.168.1.1",
            "    verdict: delivered",
            "");
    return Files.writeString(dir.resolve("a <suite>.yaml"), text);
  }

  @Test
  void sarifAndJUnitOfACheck() throws Exception {
    Path sarif = dir.resolve("check.sarif");
    Path junit = dir.resolve("check.xml");
    output(List.of(), "check", suite(), "--sarif", sarif, "--junit", junit);

    assertSarif(sarif, 1);
    Validator validator =
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
            .newSchema(getClass().getResource("junit.xsd"))
            .newValidator();
    assertThatCode(() -> validator.validate(new StreamSource(junit.toFile())))
        .doesNotThrowAnyException();
    assertThat(Files.readString(junit)).contains("tests=\"2\" failures=\"1\"", "suite&gt;.yaml:6");
  }
}
