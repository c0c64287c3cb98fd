package org.fwreplay.cli;

import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.match.DnsNameMatch;
import picocli.CommandLine.Option;

/** Options that say how matches and targets behave that were built in several ways. */
final class Dialects {
  @Option(
      names = "--dns-name-strict",
      description =
          "Match dns_name within the limits of the original module: IPv4, UDP, and OUTPUT only.")
  boolean dnsNameStrict;

  /** All extensions, behaving as asked for. */
  Extensions extensions() {
    Extensions all = Extensions.load();
    if (dnsNameStrict) {
      all.withDialect(DnsNameMatch.DIALECT, "strict");
    }
    return all;
  }
}
