package org.fwreplay.capture;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads a capture in a thread of its own, and so decompresses, frames and checks its records, some
 * batches ahead of who uses them. What ends it early comes behind the records before.
 */
final class RecordsAhead implements CaptureReader {
  private static final int BATCHES = 4;

  /** Many, so that the two threads seldom wake each other. */
  private static final int RECORDS = 1024;

  private static final int BYTES = 1 << 18;

  /** Records with their bytes, in their order. */
  private static final class Batch {
    /** One more than it takes: what is read into the last is for the next batch. */
    final CaptureRecord[] records = new CaptureRecord[RECORDS + 1];

    byte[] bytes = new byte[BYTES];
    int used;
    int count;
    boolean last;
    RuntimeException bug;

    void clear() {
      count = 0;
      used = 0;
    }

    /** Whether there is room for another record; a large one has a batch to itself. */
    boolean takes(int length) {
      if (count == 0 && length > bytes.length) {
        bytes = new byte[length];
      }
      return count < RECORDS && used + length <= bytes.length;
    }

    /** Takes a record, and its bytes over. */
    void add(CaptureRecord record) {
      System.arraycopy(record.buffer, record.offset, bytes, used, record.length);
      record.buffer = bytes;
      record.offset = used;
      used += record.length;
      records[count++] = record;
    }

    /** A record to read into. */
    CaptureRecord fresh() {
      if (records[count] == null) {
        records[count] = new CaptureRecord();
      }
      return records[count];
    }

    /** Lets go of the record read last: it is the next batch's first. */
    void leave() {
      records[count] = null;
    }
  }

  private final RecordReader in;
  private final RecordCheck check;
  private final BlockingQueue<Batch> free = new ArrayBlockingQueue<>(BATCHES);
  private final BlockingQueue<Batch> filled = new ArrayBlockingQueue<>(BATCHES);
  private final Thread thread = new Thread(this::readAll, "read-ahead");
  private Batch current = new Batch();
  private int next;
  private long packets;

  /** Starts to read; {@code in} is used by no one else from now on. */
  RecordsAhead(RecordReader in, RecordCheck check) {
    this.in = in;
    this.check = check;
    for (int i = 1; i < BATCHES; i++) {
      free.add(new Batch());
    }
    thread.setDaemon(true);
    thread.start();
  }

  private void readAll() {
    try {
      CaptureRecord read = null;
      Batch batch;
      do {
        batch = free.take();
        batch.clear();
        read = fill(batch, read);
        filled.put(batch);
      } while (!batch.last);
    } catch (InterruptedException e) {
      // Closed: nobody waits for more.
    }
  }

  /**
   * Fills a batch.
   *
   * @param first the record that did not find room in the batch before, or null
   * @return the one that does not find room in this
   */
  private CaptureRecord fill(Batch batch, CaptureRecord first) {
    try {
      CaptureRecord record = first == null ? batch.fresh() : first;
      boolean more = first != null || in.read(record);
      while (more) {
        if (!batch.takes(record.length)) {
          batch.leave();
          return record;
        }
        batch.add(record);
        check.check(record);
        record = batch.fresh();
        more = in.read(record);
      }
    } catch (RuntimeException e) {
      batch.bug = e;
    }
    batch.last = true;
    return null;
  }

  @Override
  public CaptureRecord next() {
    while (next == current.count) {
      if (current.last) {
        return end();
      }
      take();
    }
    packets++;
    return current.records[next++];
  }

  private CaptureRecord end() {
    if (current.bug != null) {
      throw current.bug;
    }
    return null;
  }

  private void take() {
    free.add(current);
    try {
      current = filled.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    next = 0;
  }

  @Override
  public String name() {
    return in.name();
  }

  @Override
  public String format() {
    return in.format();
  }

  @Override
  public CaptureProblem problem() {
    return isAtEnd() ? in.problem() : null;
  }

  @Override
  public List<CaptureInterface> interfaces() {
    return isAtEnd() ? in.interfaces() : List.of();
  }

  private boolean isAtEnd() {
    return current.last && next == current.count;
  }

  @Override
  public long packets() {
    return packets;
  }

  @Override
  public long bytesRead() {
    return in.bytesRead();
  }

  @Override
  public long totalBytes() {
    return in.totalBytes();
  }

  /** Waits for the thread's latest call to come back; then nothing of the capture is in use. */
  @Override
  public void close() throws IOException {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    in.close();
  }
}
