package org.fwreplay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.fwreplay.capture.CaptureException;
import org.fwreplay.report.AtomicFile;
import org.fwreplay.report.Printable;
import org.fwreplay.report.info.CaptureInfo;
import org.fwreplay.report.info.CaptureInspector;
import org.fwreplay.report.info.InfoJson;
import org.fwreplay.report.info.InfoText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fwreplay info}: what captures hold. */
@Command(
    name = "info",
    description =
        "Says what captures hold: interfaces, link types, time range, protocols, hosts, comments.",
    mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "CAPTURE",
      arity = "1..*",
      description = "pcap or pcapng, plain, gzip, zstd or xz; - is standard input.")
  private List<Path> captures;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "The same as JSON (reports/schema/info-1.json); - is standard output.")
  private Path json;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many hosts to name (default: ${DEFAULT-VALUE}).")
  private int hosts;

  @Override
  public Integer call() throws IOException {
    if (hosts < 0) {
      throw new ParameterException(spec.commandLine(), "--hosts " + hosts + ": expected 0 or more");
    }
    PrintWriter out = spec.commandLine().getOut();
    boolean jsonOnly = json != null && json.toString().equals("-");
    List<CaptureInfo> infos = new ArrayList<>();
    boolean all = true;
    for (Path capture : captures) {
      try {
        CaptureInfo info = CaptureInspector.read(capture, hosts);
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
    } else if (json != null) {
      writeJson(infos);
    }
    return all && !out.checkError() ? ExitCode.OK : ExitCode.TROUBLE;
  }

  private void writeJson(List<CaptureInfo> infos) throws IOException {
    try (AtomicFile file = new AtomicFile(json)) {
      file.writer().write(InfoJson.of(infos));
      file.commit();
    }
  }
}
