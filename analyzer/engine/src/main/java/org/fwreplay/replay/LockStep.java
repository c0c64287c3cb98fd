package org.fwreplay.replay;

import java.io.IOException;
import java.util.List;
import org.fwreplay.capture.CaptureMerger;
import org.fwreplay.capture.CaptureRecord;

/** Several runs over one reading of the same captures: each frame goes to all before the next. */
public final class LockStep {
  private static final int TELL_PROGRESS = 0x3fff;

  private LockStep() {}

  /**
   * Runs them.
   *
   * @param runs with the same inputs; it ends when the first has enough
   * @param afterFrame called when all have had a frame
   */
  public static void run(List<ReplayRun> runs, ReplayRun.Progress progress, Runnable afterFrame)
      throws IOException {
    ReplayRun first = runs.get(0);
    for (ReplayRun run : runs) {
      run.start();
    }
    try (CaptureMerger merger = new CaptureMerger()) {
      first.open(merger);
      CaptureRecord record;
      Copy copy = new Copy();
      long total = merger.totalBytes();
      long frames = 0;
      while (!first.isStopped() && (record = merger.next()) != null) {
        for (int i = 0; i < runs.size(); i++) {
          // The last one may write where the reader put it.
          runs.get(i).take(i == runs.size() - 1 ? record : copy.of(record));
        }
        afterFrame.run();
        if ((++frames & TELL_PROGRESS) == 0) {
          progress.at(merger.bytesRead(), total);
        }
      }
      progress.at(merger.bytesRead(), total);
      runs.forEach(run -> run.finish(merger));
    }
  }

  /** A copy of a record to write into. */
  private static final class Copy {
    private final CaptureRecord record = new CaptureRecord();
    private byte[] bytes = new byte[1 << 16];

    CaptureRecord of(CaptureRecord other) {
      if (bytes.length < other.length) {
        bytes = new byte[other.length];
      }
      System.arraycopy(other.buffer, other.offset, bytes, 0, other.length);
      record.set(other);
      record.buffer = bytes;
      record.offset = 0;
      return record;
    }
  }
}
