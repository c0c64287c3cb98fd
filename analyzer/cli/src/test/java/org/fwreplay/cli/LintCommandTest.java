package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LintCommandTest {
  private static final String SHADOWED =
      """
      *filter
      -A FORWARD -s 10.0.0.0/8 -j DROP
      -A FORWARD -s 10.1.0.0/16 -j ACCEPT
      COMMIT
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine commandLine =
      Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

  private int lint(String text, String... options) throws IOException {
    Path rules = Files.writeString(folder.resolve("rules.v4"), text);
    String[] words = new String[options.length + 2];
    words[0] = "lint";
    words[1] = rules.toString();
    System.arraycopy(options, 0, words, 2, options.length);
    return commandLine.execute(words);
  }

  @Test
  void aFindingIsALineWithTheRelatedPlacesBelow() throws IOException {
    assertThat(lint(SHADOWED)).isEqualTo(ExitCode.OK);

    assertThat(out.toString().replace(folder.toString() + "/", ""))
        .isEqualTo(
            """
            rules.v4:3:1: warning: no packet gets here: line 2 takes all that could match [unreachable]
                rules.v4:2:1: takes: -A FORWARD -s 10.0.0.0/8 -j DROP
            errors: 0, warnings: 1, remarks: 0
            """);
  }

  @Test
  void failOnChoosesFromWhichSeverityOnTheAnswerIsNo() throws IOException {
    assertThat(lint(SHADOWED, "--fail-on", "error")).isEqualTo(ExitCode.OK);
    assertThat(lint(SHADOWED, "--fail-on", "warning")).isEqualTo(ExitCode.NO);
    assertThat(lint(SHADOWED, "--fail-on", "info")).isEqualTo(ExitCode.NO);
    assertThat(lint(SHADOWED, "--fail-on", "nothing")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("\"nothing\" is none of error, warning, info");
  }

  @Test
  void aRefusedRulesetHasAllItsErrorsNamed() throws IOException {
    String text = "*filter\n-A INPUT -p nonsense\n-A NOWHERE -j DROP\nCOMMIT\n";

    assertThat(lint(text)).isEqualTo(ExitCode.RULES_REJECTED);
    assertThat(out.toString()).contains(":2:13: error:", ":3:4: error:", "errors: 2");
  }

  @Test
  void jsonHoldsTheSame() throws IOException {
    assertThat(lint(SHADOWED, "--json", "-")).isEqualTo(ExitCode.OK);

    assertThat(out.toString().replaceAll("\\s+", " ").replace(folder.toString() + "/", ""))
        .startsWith(
            "{ \"diagnostics\" : [ { \"file\" : \"rules.v4\", \"line\" : 3, \"column\" : 1,")
        .contains("\"severity\" : \"warning\", \"code\" : \"unreachable\"")
        .contains("\"related\" : [ { \"file\" : \"rules.v4\", \"line\" : 2, \"column\" : 1,");
  }

  @Test
  void jsonIsAsTheSchemaSays() throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(Commands.ROOT.resolve("reports/schema/lint-1.json")));
    List<String> texts =
        List.of(SHADOWED, "*filter\n-A INPUT -p nonsense\nCOMMIT", "iptables -X", "*raw\nCOMMIT\n");
    for (String text : texts) {
      out.getBuffer().setLength(0);
      lint(text, "--json", "-");
      assertThat(schema.validate(out.toString(), InputFormat.JSON)).as(text).isEmpty();
    }
    assertThat(schema.validate("{\"diagnostics\": [{}]}", InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void setsMustBeThereAndBeUsed() throws IOException {
    String rules = "*filter\n-A INPUT -m set --match-set %s src -j DROP\nCOMMIT\n";
    Path sets = folder.resolve("ipset.save");
    Files.writeString(sets, "create good hash:ip family inet\ncreate old hash:ip family inet\n");

    assertThat(lint(rules.formatted("good"), "--ipset", sets.toString())).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("ipset.save:2:1: warning: set old is not used")
        .doesNotContain("set good");
    assertThat(lint(rules.formatted("gone"), "--ipset", sets.toString()))
        .isEqualTo(ExitCode.RULES_REJECTED);
    assertThat(out.toString()).contains("rules.v4:2:29: error: no set gone");
  }

  @Test
  void bothFamiliesAreReadInOneGo() throws IOException {
    Path six = Files.writeString(folder.resolve("rules.v6"), "*filter\n:X - [0:0]\nCOMMIT\n");

    assertThat(lint(SHADOWED, "--rules6", six.toString())).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("rules.v4:3:1", "rules.v6:2:1");
    assertThat(commandLine.execute("lint")).isEqualTo(ExitCode.USAGE);
  }
}
