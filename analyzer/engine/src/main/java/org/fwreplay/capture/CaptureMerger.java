package org.fwreplay.capture;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several captures read as one, by time stamp; equal times come in the order of the captures. Every
 * capture keeps its own order, also where its clock jumps back. Damage in one ends that one only. A
 * {@link MergeOrder} may decide otherwise where times are close.
 *
 * <p>The record handed out stays in the buffer of its reader, which reads on at the next call:
 * nothing is copied.
 */
public final class CaptureMerger implements Closeable {
  private final List<Upcoming> inputs = new ArrayList<>();

  /** Binary heap of the inputs that have a record, the earliest first. */
  private Upcoming[] heap = new Upcoming[0];

  private int size;
  private boolean started;

  /** Index in the heap of the one whose record was handed out last. */
  private int chosen;

  private final List<Upcoming> near = new ArrayList<>();
  private MergeOrder order;

  /**
   * Adds a capture, which the merger closes; all are added before the first record is read.
   *
   * @param source what {@link CaptureRecord#source} says for its records
   */
  public CaptureMerger add(CaptureReader reader, int source) {
    inputs.add(new Upcoming(reader, inputs.size(), source));
    return this;
  }

  /** Has somebody decide between records of several captures whose times are close. */
  public CaptureMerger order(MergeOrder order) {
    this.order = order;
    return this;
  }

  /**
   * The next record, good until the one after it is asked for; null when all captures have ended.
   */
  public CaptureRecord next() {
    if (!started) {
      start();
    } else if (size > 0) {
      advance(chosen);
    }
    if (size == 0) {
      return null;
    }
    chosen = 0;
    if (order != null && inputs.size() > 1) {
      chosen = choose();
      order.taken(heap[chosen].first());
    }
    return heap[chosen].first();
  }

  private int choose() {
    long limit = heap[0].first().timeNs + order.withinNs();
    near.clear();
    for (int i = 0; i < size; i++) {
      if (heap[i].first().timeNs <= limit) {
        near.add(heap[i]);
      }
    }
    if (near.size() == 1) {
      return 0;
    }
    near.sort((a, b) -> a.before(b) ? -1 : 1);
    Upcoming next = near.get(order.first(near));
    int at = 0;
    while (heap[at] != next) {
      at++;
    }
    return at;
  }

  private void start() {
    started = true;
    heap = new Upcoming[inputs.size()];
    for (Upcoming input : inputs) {
      if (input.advance()) {
        up(size++, input);
      }
    }
  }

  private void advance(int at) {
    Upcoming next = heap[at];
    if (!next.advance()) {
      next = heap[--size];
      heap[size] = null;
      if (at == size) {
        return;
      }
    }
    if (at > 0 && next.before(heap[(at - 1) / 2])) {
      up(at, next);
    } else {
      down(at, next);
    }
  }

  /** Puts one in at a place or above it, where all above are earlier. */
  private void up(int from, Upcoming input) {
    int at = from;
    while (at > 0 && input.before(heap[(at - 1) / 2])) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = input;
  }

  /** Puts one in at a place or below it, where the earliest of its children and itself belongs. */
  private void down(int from, Upcoming input) {
    int at = from;
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
    for (Upcoming input : inputs) {
      sum += input.reader.bytesRead();
    }
    return sum;
  }

  /** Size of all files together, or -1 when one is unknown. */
  public long totalBytes() {
    long sum = 0;
    for (Upcoming input : inputs) {
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
    for (Upcoming input : inputs) {
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
