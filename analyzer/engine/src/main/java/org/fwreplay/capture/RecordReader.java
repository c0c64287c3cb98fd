package org.fwreplay.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the readers share: the source, the counts, and how reading ends. */
abstract class RecordReader implements CaptureReader {
  /** Largest captured length that is believed, in bytes. */
  static final int MAX_LENGTH = 1 << 20;

  final BlockInput input;
  final List<CaptureInterface> interfaces = new ArrayList<>();
  long packets;
  private final CaptureRecord record = new CaptureRecord();
  private final CaptureSource source;
  private CaptureProblem problem;

  RecordReader(CaptureSource source) {
    this.source = source;
    this.input = source.input();
  }

  @Override
  public final CaptureRecord next() {
    return read(record) ? record : null;
  }

  /** Fills a record with the next one; false at the end. */
  abstract boolean read(CaptureRecord into);

  /**
   * Ends reading because the stream ended: cleanly between two records, else with a problem.
   *
   * @param offset where the record begins
   * @param cut what to say when it is not complete
   */
  final boolean end(long offset, String cut) {
    if (problem != null) {
      return false;
    }
    long at = input.offset() + input.available();
    if (input.failure() != null) {
      return fail(at, "the data cannot be read on: " + input.failure());
    }
    return at != offset && fail(offset, cut + ", the capture ends at byte " + at);
  }

  /** Ends reading with a problem. */
  final boolean fail(long offset, String message) {
    problem = new CaptureProblem(source.name(), offset, message);
    input.stop();
    return false;
  }

  static String tooLong(int captured) {
    return "captured length "
        + Integer.toUnsignedString(captured)
        + " is over the limit of "
        + MAX_LENGTH;
  }

  /** A wire length (unsigned) is never below what was captured of it. */
  static int wireLength(int recorded, int captured) {
    return recorded < 0 ? Integer.MAX_VALUE : Math.max(recorded, captured);
  }

  @Override
  public final String name() {
    return source.name();
  }

  @Override
  public final CaptureProblem problem() {
    return problem;
  }

  @Override
  public final List<CaptureInterface> interfaces() {
    return Collections.unmodifiableList(interfaces);
  }

  @Override
  public final long packets() {
    return packets;
  }

  @Override
  public final long bytesRead() {
    return source.bytesRead();
  }

  @Override
  public final long totalBytes() {
    return source.totalBytes();
  }

  @Override
  public final String format() {
    return source.compression() == null ? container() : container() + ", " + source.compression();
  }

  /** The format without its compression. */
  abstract String container();

  @Override
  public final void close() throws IOException {
    input.close();
  }
}
