package org.fwreplay.cli;

import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.match.DnsNameMatch;
import org.fwreplay.xt.target.TriggerTarget;
import picocli.CommandLine;

/** Options that say how matches and targets behave that were built in several ways. */
final class Dialects extends Arguments {
  final Argument<Boolean> dnsNameStrict =
      flag(
          "--dns-name-strict",
          "Match dns_name within the limits of the original module: IPv4, UDP, and OUTPUT only.");

  final Argument<String> triggerDialect =
      option(
          "--trigger-dialect",
          "YEAR",
          "2003",
          new YearConverter(),
          "How target TRIGGER behaves: as in 2003 (default) or as in 2008.");

  /** Reads what {@code --trigger-dialect} says. */
  static final class YearConverter implements CommandLine.ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (!value.equals("2003") && !value.equals("2008")) {
        throw new CommandLine.TypeConversionException("\"" + value + "\" is neither 2003 nor 2008");
      }
      return value;
    }
  }

  /** All extensions, behaving as asked for. */
  Extensions extensions() {
    Extensions all = Extensions.load().withDialect(TriggerTarget.DIALECT, triggerDialect.get());
    if (dnsNameStrict.get()) {
      all.withDialect(DnsNameMatch.DIALECT, "strict");
    }
    return all;
  }
}
