package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.fwreplay.diagnostic.Severity;
import org.fwreplay.lint.Finding;
import org.fwreplay.lint.Linter;
import org.fwreplay.lint.SetLint;
import org.fwreplay.packet.Family;
import org.fwreplay.report.lint.LintJson;
import org.fwreplay.report.lint.LintText;
import org.fwreplay.rule.ParseResult;
import org.fwreplay.rule.Ruleset;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code fwreplay lint}: what is wrong, dead or doubtful in a ruleset, without a capture. */
@Command(
    name = "lint",
    description = "Finds what is wrong, dead or doubtful in a ruleset, without a capture.",
    mixinStandardHelpOptions = true)
final class LintCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RULES",
      arity = "0..1",
      description = "IPv4 ruleset, as iptables-save prints it; - is standard input.")
  private Path rules;

  @Option(
      names = "--rules6",
      paramLabel = "FILE",
      description = "IPv6 ruleset, as ip6tables-save prints it.")
  private Path rules6;

  @Option(
      names = "--ipset",
      paramLabel = "FILE",
      description = "The IP sets that rules name, as ipset save prints them.")
  private Path ipset;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "The findings as JSON (reports/schema/lint-1.json); - is standard output.")
  private Path json;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      defaultValue = "error",
      converter = SeverityConverter.class,
      description =
          "Exit code 3 when there is a finding of this severity or above: error, warning, info"
              + " (default: ${DEFAULT-VALUE}).")
  private Severity failOn;

  @Override
  public Integer call() throws IOException {
    if (rules == null && rules6 == null) {
      throw new ParameterException(spec.commandLine(), "no ruleset: give RULES or --rules6 FILE");
    }
    List<Finding> findings = new ArrayList<>();
    List<Ruleset> valid = new ArrayList<>();
    lint(rules, Family.IPV4, findings, valid);
    lint(rules6, Family.IPV6, findings, valid);
    if (ipset != null) {
      findings.addAll(SetLint.lint(InputOptions.name(ipset), InputOptions.text(ipset), valid));
    }
    write(findings);
    if (findings.stream().anyMatch(finding -> finding.code().equals(Finding.REJECTED))) {
      return ExitCode.RULES_REJECTED;
    }
    boolean fails =
        findings.stream().anyMatch(finding -> finding.severity().compareTo(failOn) <= 0);
    return fails ? ExitCode.NO : ExitCode.OK;
  }

  private static void lint(Path file, Family family, List<Finding> findings, List<Ruleset> valid)
      throws IOException {
    if (file == null) {
      return;
    }
    ParseResult result = InputOptions.read(file, family, false);
    findings.addAll(Linter.lint(result));
    if (result.isValid()) {
      valid.add(result.ruleset());
    }
  }

  private void write(List<Finding> findings) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json != null && json.toString().equals("-")) {
      out.print(LintJson.of(findings));
      out.flush();
      return;
    }
    if (json != null) {
      Files.writeString(json, LintJson.of(findings));
    }
    LintText.write(findings, out);
  }

  /** A severity in lower case. */
  static final class SeverityConverter implements ITypeConverter<Severity> {
    @Override
    public Severity convert(String value) {
      for (Severity severity : Severity.values()) {
        if (severity.text().equals(value.toLowerCase(Locale.ROOT))) {
          return severity;
        }
      }
      throw new TypeConversionException("\"" + value + "\" is none of error, warning, info");
    }
  }
}
