package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.ParseResult;
import org.fwreplay.rule.RulesetWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fwreplay show}: the ruleset as iptables-save would print it. */
@Command(
    name = "show",
    description = "Prints a ruleset as iptables-save would.",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RULES",
      description = "Ruleset as iptables-save prints it; - is standard input.")
  private Path rules;

  @Option(names = "--six", description = "It is an IPv6 ruleset, as ip6tables-save prints it.")
  private boolean six;

  @Option(
      names = "--allow-unsupported",
      description = "Leave rules with unknown matches, targets or options out.")
  private boolean allowUnsupported;

  @Override
  public Integer call() throws IOException {
    Family family = six ? Family.IPV6 : Family.IPV4;
    ParseResult result = InputOptions.read(rules, family, allowUnsupported);
    InputOptions.print(spec.commandLine(), result.diagnostics());
    if (!result.isValid()) {
      return ExitCode.RULES_REJECTED;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(RulesetWriter.write(result.ruleset()));
    return out.checkError() ? ExitCode.TROUBLE : ExitCode.OK;
  }
}
