package org.fwreplay.capture;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several captures read as one, by time stamp; equal times come in the order of the captures. Every
 * capture keeps its own order, also where its clock jumps back. Damage in one ends that one only.
 *
 * <p>The record handed out stays in the buffer of its reader, which reads on at the next call:
 * nothing is copied.
 */
public final class CaptureMerger implements Closeable {
  private final List<Input> inputs = new ArrayList<>();

  /** Binary heap of the inputs that have a record, the earliest first. */
  private Input[] heap = new Input[0];

  private int size;
  private boolean started;

  private static final class Input {
    final CaptureReader reader;
    final int order;
    final int source;
    final CaptureRecord pending = new CaptureRecord();

    Input(CaptureReader reader, int order, int source) {
      this.reader = reader;
      this.order = order;
      this.source = source;
    }

    boolean advance() {
      boolean more = reader.next(pending);
      pending.source = source;
      return more;
    }

    boolean before(Input other) {
      long time = pending.timeNs;
      long otherTime = other.pending.timeNs;
      return time < otherTime || time == otherTime && order < other.order;
    }
  }

  /**
   * Adds a capture, which the merger closes; all are added before the first record is read.
   *
   * @param source what {@link CaptureRecord#source} says for its records
   */
  public CaptureMerger add(CaptureReader reader, int source) {
    inputs.add(new Input(reader, inputs.size(), source));
    return this;
  }

  /**
   * Gives the next record.
   *
   * @return false when all captures have ended
   */
  public boolean next(CaptureRecord into) {
    if (!started) {
      start();
    } else if (size > 0) {
      advanceFirst();
    }
    if (size == 0) {
      return false;
    }
    into.set(heap[0].pending);
    return true;
  }

  private void start() {
    started = true;
    heap = new Input[inputs.size()];
    for (Input input : inputs) {
      if (input.advance()) {
        up(input);
      }
    }
  }

  private void up(Input input) {
    int at = size++;
    while (at > 0 && input.before(heap[(at - 1) / 2])) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = input;
  }

  private void advanceFirst() {
    Input first = heap[0];
    if (first.advance()) {
      down(first);
    } else {
      Input last = heap[--size];
      heap[size] = null;
      if (size > 0) {
        down(last);
      }
    }
  }

  /** Puts an input in at the top, where the earliest of its children and itself belongs. */
  private void down(Input input) {
    int at = 0;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && heap[child + 1].before(heap[child])) {
        child++;
      }
      if (!heap[child].before(input)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = input;
  }

  /** The readers, in the order they were added. */
  public List<CaptureReader> readers() {
    return inputs.stream().map(input -> input.reader).toList();
  }

  /** What ended captures early so far, in the order of the captures. */
  public List<CaptureProblem> problems() {
    return inputs.stream()
        .map(input -> input.reader.problem())
        .filter(problem -> problem != null)
        .toList();
  }

  /** Number of bytes taken from all files so far. */
  public long bytesRead() {
    long sum = 0;
    for (Input input : inputs) {
      sum += input.reader.bytesRead();
    }
    return sum;
  }

  /** Size of all files together, or -1 when one is unknown. */
  public long totalBytes() {
    long sum = 0;
    for (Input input : inputs) {
      long total = input.reader.totalBytes();
      if (total < 0) {
        return -1;
      }
      sum += total;
    }
    return sum;
  }

  @Override
  public void close() throws IOException {
    IOException failed = null;
    for (Input input : inputs) {
      try {
        input.reader.close();
      } catch (IOException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
