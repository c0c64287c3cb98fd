package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.ReplayCollector;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Where {@code replay} writes to. */
final class OutputOptions extends Arguments {
  private static final String STANDARD_OUTPUT = "-";

  final Argument<Path> json =
      file("--json", "Everything, in the published schema; - is standard output.");

  final Argument<Path> html = file("--html", "One self-contained page.");

  final Argument<Path> flows =
      file(
          "--flows",
          "A line a connection, JSON Lines (.jsonl, .json) or CSV (.csv) by the ending.");

  final Argument<Path> export =
      folder(
          "--export", "What the firewall would hold and send, in the kernel tools' own formats.");

  final Argument<Path> packets =
      file(
          "--packets",
          "Each packet and what became of it, a few lines each; - is standard output.");

  /** Refuses what cannot be written. */
  void check(CommandLine command) {
    if (flows.get() != null && !isCsv() && !isJsonLines()) {
      throw new ParameterException(
          command,
          "--flows " + flows.get() + ": expected a name that ends in .jsonl, .json or .csv");
    }
    if (isStandardOutput(json.get()) && isStandardOutput(packets.get())) {
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
    return flows.get().toString().toLowerCase(Locale.ROOT);
  }

  /** Whether a report goes to standard output, so that nothing else may. */
  boolean usesStandardOutput() {
    return isStandardOutput(json.get()) || isStandardOutput(packets.get());
  }

  private static boolean isStandardOutput(Path path) {
    return path != null && path.toString().equals(STANDARD_OUTPUT);
  }

  /** Opens all that is asked for, before the run; what it needs is collected from now on. */
  Outputs open(ReplayRun run, ReplayCollector collector, PrintWriter out) throws IOException {
    Outputs outputs = new Outputs();
    try {
      if (json.get() != null || html.get() != null) {
        collector.withDetails();
      }
      if (json.get() != null) {
        outputs.json(isStandardOutput(json.get()) ? null : json.get());
      }
      if (html.get() != null) {
        outputs.html(html.get());
      }
      if (flows.get() != null) {
        outputs.flows(flows.get(), isCsv(), collector);
      }
      if (packets.get() != null) {
        outputs.packets(isStandardOutput(packets.get()) ? null : packets.get(), run, out);
      }
      if (export.get() != null) {
        outputs.export(export.get(), run);
      }
      return outputs;
    } catch (IOException | RuntimeException e) {
      outputs.close();
      throw e;
    }
  }
}
