package org.fwreplay.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;

/** Holds work to 10 ms of processor time and 1 MiB of allocations. */
final class Cost {
  private static final long MAX_NANOS = 10_000_000;
  private static final long MAX_BYTES = 1 << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Cost() {}

  /** Does the work, twice if it took too long: compilation and page faults happen only once. */
  static <T> T bounded(Supplier<T> work, Supplier<String> name) {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long nanos = THREADS.getCurrentThreadCpuTime();
    T result = work.get();
    nanos = THREADS.getCurrentThreadCpuTime() - nanos;
    bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    if (nanos > MAX_NANOS || bytes > MAX_BYTES) {
      bytes = THREADS.getCurrentThreadAllocatedBytes();
      nanos = THREADS.getCurrentThreadCpuTime();
      work.get();
      nanos = THREADS.getCurrentThreadCpuTime() - nanos;
      bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
      assertThat(nanos).as(() -> "nanoseconds for " + name.get()).isLessThan(MAX_NANOS);
      assertThat(bytes).as(() -> "bytes allocated for " + name.get()).isLessThan(MAX_BYTES);
    }
    return result;
  }
}
