package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.fwreplay.diagnostic.Severity;
import org.fwreplay.lint.Finding;
import org.fwreplay.lint.Linter;
import org.fwreplay.lint.SetLint;
import org.fwreplay.packet.Family;
import org.fwreplay.report.lint.LintJson;
import org.fwreplay.report.lint.LintText;
import org.fwreplay.rule.ParseResult;
import org.fwreplay.rule.Ruleset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** {@code fwreplay lint}: what is wrong, dead or doubtful in a ruleset, without a capture. */
final class LintCommand extends Command {
  private final Argument<Path> rules =
      word(
          0,
          "0..1",
          "RULES",
          Path.class,
          "IPv4 ruleset, as iptables-save prints it; - is standard input.");

  private final Argument<Path> rules6 =
      file("--rules6", "IPv6 ruleset, as ip6tables-save prints it.");

  private final Argument<Path> ipset =
      file("--ipset", "The IP sets that rules name, as ipset save prints them.");

  private final Argument<Path> json =
      file("--json", "The findings as JSON (reports/schema/lint-1.json); - is standard output.");

  private final Argument<Severity> failOn =
      option(
          "--fail-on",
          "SEVERITY",
          Severity.ERROR,
          new SeverityConverter(),
          "Exit code 3 when there is a finding of this severity or above: error, warning, info"
              + " (default: error).");

  LintCommand() {
    super("Finds what is wrong, dead or doubtful in a ruleset, without a capture.");
  }

  @Override
  public Integer call() throws IOException {
    if (rules.get() == null && rules6.get() == null) {
      throw new ParameterException(spec.commandLine(), "no ruleset: give RULES or --rules6 FILE");
    }
    List<Finding> findings = new ArrayList<>();
    List<Ruleset> valid = new ArrayList<>();
    lint(rules.get(), Family.IPV4, findings, valid);
    lint(rules6.get(), Family.IPV6, findings, valid);
    if (ipset.get() != null) {
      findings.addAll(
          SetLint.lint(InputOptions.name(ipset.get()), InputOptions.text(ipset.get()), valid));
    }
    write(findings);
    if (findings.stream().anyMatch(finding -> finding.code().equals(Finding.REJECTED))) {
      return ExitCode.RULES_REJECTED;
    }
    boolean fails =
        findings.stream().anyMatch(finding -> finding.severity().compareTo(failOn.get()) <= 0);
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
    if (json.get() != null && json.get().toString().equals("-")) {
      out.print(LintJson.of(findings));
      out.flush();
      return;
    }
    if (json.get() != null) {
      Files.writeString(json.get(), LintJson.of(findings));
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
