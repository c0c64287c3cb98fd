package org.fwreplay.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.AtomicFile;
import org.fwreplay.report.JsonReport;
import org.fwreplay.report.ReplayCollector;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.export.KernelExport;
import org.fwreplay.report.flow.FlowFile;
import org.fwreplay.report.packet.PacketLines;
import org.fwreplay.report.page.HtmlReport;

/** The files that a run writes: all of them take their names at the end, or none is left. */
final class Outputs implements Closeable {
  /** Writes a result. */
  @FunctionalInterface
  private interface Report {
    void write(ReplayResult result, PrintWriter standardOutput) throws IOException;
  }

  private final List<AtomicFile> files = new ArrayList<>();
  private final List<Report> reports = new ArrayList<>();
  private KernelExport export;

  /** Everything as JSON, to standard output for null. */
  void json(Path path) throws IOException {
    if (path == null) {
      reports.add(JsonReport::write);
    } else {
      AtomicFile file = open(path);
      reports.add((result, out) -> JsonReport.write(result, file.writer()));
    }
  }

  /** The page. */
  void html(Path path) throws IOException {
    AtomicFile file = open(path);
    reports.add((result, out) -> HtmlReport.write(result, file.writer()));
  }

  /** Flows as they end. */
  void flows(Path path, boolean csv, ReplayCollector collector) throws IOException {
    AtomicFile file = open(path);
    FlowFile flows =
        csv
            ? FlowFile.csv(file.writer(), collector.names())
            : FlowFile.jsonLines(file.writer(), collector.names());
    collector.withFlows(flows, !csv);
    reports.add((result, out) -> flows.finish());
  }

  /** What became of each packet, to standard output for null. */
  void packets(Path path, ReplayRun run, PrintWriter standardOutput) throws IOException {
    run.listen(new PacketLines(path == null ? standardOutput : open(path).writer(), run));
  }

  /** The kernel tools' formats. */
  void export(Path dir, ReplayRun run) throws IOException {
    KernelExport files = new KernelExport(dir, run.host());
    export = files;
    run.listen(files);
    reports.add((result, out) -> files.finish(run));
  }

  private AtomicFile open(Path path) throws IOException {
    AtomicFile file = new AtomicFile(path);
    files.add(file);
    return file;
  }

  /** Writes what there is to write at the end of the run, and puts all files in their places. */
  void finish(ReplayResult result, PrintWriter standardOutput) throws IOException {
    for (Report report : reports) {
      report.write(result, standardOutput);
    }
    for (AtomicFile file : files) {
      file.commit();
    }
  }

  /** Removes what is not in its place. */
  @Override
  public void close() throws IOException {
    for (AtomicFile file : files) {
      file.close();
    }
    if (export != null) {
      export.close();
    }
  }
}
