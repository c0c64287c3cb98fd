package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.ReplayCollector;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where {@code replay} writes to. */
final class OutputOptions {
  private static final String STANDARD_OUTPUT = "-";

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Everything, in the published schema; - is standard output.")
  Path json;

  @Option(names = "--html", paramLabel = "FILE", description = "One self-contained page.")
  Path html;

  @Option(
      names = "--flows",
      paramLabel = "FILE",
      description = "A line a connection, JSON Lines (.jsonl, .json) or CSV (.csv) by the ending.")
  Path flows;

  @Option(
      names = "--export",
      paramLabel = "DIR",
      description = "What the firewall would hold and send, in the kernel tools' own formats.")
  Path export;

  @Option(
      names = "--packets",
      paramLabel = "FILE",
      description = "Each packet and what became of it, a few lines each; - is standard output.")
  Path packets;

  /** Refuses what cannot be written. */
  void check(CommandLine command) {
    if (flows != null && !isCsv() && !isJsonLines()) {
      throw new ParameterException(
          command, "--flows " + flows + ": expected a name that ends in .jsonl, .json or .csv");
    }
    if (isStandardOutput(json) && isStandardOutput(packets)) {
      throw new ParameterException(command, "only one output can be standard output");
    }
  }

  private boolean isCsv() {
    return lowerName().endsWith(".csv");
  }

  private boolean isJsonLines() {
    return lowerName().endsWith(".jsonl") || lowerName().endsWith(".json");
  }

  private String lowerName() {
    return flows.toString().toLowerCase(Locale.ROOT);
  }

  /** Whether a report goes to standard output, so that nothing else may. */
  boolean usesStandardOutput() {
    return isStandardOutput(json) || isStandardOutput(packets);
  }

  private static boolean isStandardOutput(Path path) {
    return path != null && path.toString().equals(STANDARD_OUTPUT);
  }

  /** Opens all that is asked for, before the run; what it needs is collected from now on. */
  Outputs open(ReplayRun run, ReplayCollector collector, PrintWriter out) throws IOException {
    Outputs outputs = new Outputs();
    try {
      if (json != null || html != null) {
        collector.withDetails();
      }
      if (json != null) {
        outputs.json(isStandardOutput(json) ? null : json);
      }
      if (html != null) {
        outputs.html(html);
      }
      if (flows != null) {
        outputs.flows(flows, isCsv(), collector);
      }
      if (packets != null) {
        outputs.packets(isStandardOutput(packets) ? null : packets, run, out);
      }
      if (export != null) {
        outputs.export(export, run);
      }
      return outputs;
    } catch (IOException | RuntimeException e) {
      outputs.close();
      throw e;
    }
  }
}
