package org.fwreplay.capture;

import java.io.Closeable;
import java.util.List;

/** Reads the records of one capture in their order. Made by {@link Captures}; for one thread. */
public interface CaptureReader extends Closeable {
  /**
   * Reads the next record. Damage is no exception: reading ends there and {@link #problem()} says
   * why.
   *
   * @return the record, good until the next call; null at the end of the capture
   */
  CaptureRecord next();

  /** Name of the capture as it was opened. */
  String name();

  /** The file format in words, such as {@code pcap, nanoseconds, big-endian, gzip}. */
  String format();

  /** Why reading stopped early; null while all is well. */
  CaptureProblem problem();

  /**
   * The interfaces described, once the end is reached, in the order of their ids. A pcap file has
   * one.
   */
  List<CaptureInterface> interfaces();

  /** Number of records read so far. */
  long packets();

  /** Number of bytes taken from the file so far, compressed if the file is. */
  long bytesRead();

  /** Size of the file in bytes, or -1 when unknown (standard input). */
  long totalBytes();
}
