package org.fwreplay.rule;

import java.util.List;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.diagnostic.Diagnostics;
import org.fwreplay.host.Host;

/** Whether the rules of a ruleset can work on a host. */
public final class HostCheck {
  private HostCheck() {}

  /** All that cannot, in the order of the ruleset's text. */
  public static List<Diagnostic> run(Ruleset ruleset, Host host) {
    Diagnostics diagnostics = new Diagnostics();
    for (Table table : ruleset.tables()) {
      for (Chain chain : table.chains()) {
        for (Rule rule : chain.rules()) {
          check(rule, host, diagnostics);
        }
      }
    }
    return diagnostics.list();
  }

  private static void check(Rule rule, Host host, Diagnostics diagnostics) {
    if (rule.target() instanceof RuleTarget.Extension extension) {
      String unfit = extension.target().unfit(host);
      if (!unfit.isEmpty()) {
        diagnostics.error(rule.position(), extension.name(), extension.name() + ": " + unfit, "");
      }
    }
  }
}
