package org.fwreplay.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Captures as the words behind the options. */
final class CaptureArguments {
  @Parameters(
      paramLabel = "CAPTURE",
      arity = "0..*",
      description = "Captures made at one point: pcap or pcapng, plain, gzip, zstd or xz.")
  List<Path> files = new ArrayList<>();
}
