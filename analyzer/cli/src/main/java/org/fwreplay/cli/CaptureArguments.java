package org.fwreplay.cli;

import java.nio.file.Path;
import java.util.List;

/** Captures as the words behind the options. */
final class CaptureArguments extends Arguments {
  final Argument<List<Path>> files;

  /**
   * All words from a place on.
   *
   * @param from of the first, from 0
   */
  CaptureArguments(int from) {
    files =
        files(
            from,
            "0..*",
            "CAPTURE",
            "Captures made at one point: pcap or pcapng, plain, gzip, zstd or xz.");
  }
}
