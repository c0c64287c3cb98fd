package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fwreplay.capture.CaptureException;
import org.fwreplay.report.AtomicFile;
import org.fwreplay.report.Printable;
import org.fwreplay.report.info.CaptureInfo;
import org.fwreplay.report.info.CaptureInspector;
import org.fwreplay.report.info.InfoJson;
import org.fwreplay.report.info.InfoText;
import picocli.CommandLine.ParameterException;

/** {@code fwreplay info}: what captures hold. */
final class InfoCommand extends Command {
  private final Argument<List<Path>> captures =
      files(0, "1..*", "CAPTURE", "pcap or pcapng, plain, gzip, zstd or xz; - is standard input.");

  private final Argument<Path> json =
      file("--json", "The same as JSON (reports/schema/info-1.json); - is standard output.");

  private final Argument<Integer> hosts =
      option("--hosts", "N", 10, "How many hosts to name (default: ${DEFAULT-VALUE}).");

  InfoCommand() {
    super(
        "Says what captures hold: interfaces, link types, time range, protocols, hosts, comments.");
  }

  @Override
  public Integer call() throws IOException {
    if (hosts.get() < 0) {
      throw new ParameterException(
          spec.commandLine(), "--hosts " + hosts.get() + ": expected 0 or more");
    }
    PrintWriter out = spec.commandLine().getOut();
    boolean jsonOnly = json.get() != null && json.get().toString().equals("-");
    List<CaptureInfo> infos = new ArrayList<>();
    boolean all = true;
    for (Path capture : captures.get()) {
      try {
        CaptureInfo info = CaptureInspector.read(capture, hosts.get());
        infos.add(info);
        if (!jsonOnly) {
          InfoText.print(info, out);
        }
      } catch (CaptureException e) {
        all = false;
        spec.commandLine().getErr().println(Printable.of(e.getMessage()));
      }
    }
    if (jsonOnly) {
      out.print(InfoJson.of(infos));
    } else if (json.get() != null) {
      writeJson(infos);
    }
    return all && !out.checkError() ? ExitCode.OK : ExitCode.TROUBLE;
  }

  private void writeJson(List<CaptureInfo> infos) throws IOException {
    try (AtomicFile file = new AtomicFile(json.get())) {
      file.writer().write(InfoJson.of(infos));
      file.commit();
    }
  }
}
