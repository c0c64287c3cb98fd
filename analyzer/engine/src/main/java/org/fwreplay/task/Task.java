package org.fwreplay.task;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Work beside the thread that wants its result, on a thread that does not keep the program from
 * ending.
 *
 * @param <T> what it comes to
 * @param <E> what it may throw but for errors and unchecked exceptions
 */
public final class Task<T, E extends Exception> {
  private final FutureTask<T> future;

  /** What is to be done. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    /** Does it. */
    T run() throws E;
  }

  private Task(FutureTask<T> future) {
    this.future = future;
  }

  /** Starts work, on a thread of that name. */
  public static <T, E extends Exception> Task<T, E> start(String name, Work<T, E> work) {
    Task<T, E> task = new Task<>(new FutureTask<>(work::run));
    Thread thread = new Thread(task.future, name);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** Waits for the result; what the work threw is thrown here. */
  public T result() throws E {
    return Task.<T, E>result(future);
  }

  /** The same for work that an executor does. */
  @SuppressWarnings("unchecked") // nothing else that is checked can have been thrown
  public static <T, E extends Exception> T result(Future<T> work) throws E {
    try {
      return work.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error; // as in the thread that waits: there may be no memory
      }
      if (e.getCause() instanceof RuntimeException bug) {
        throw bug;
      }
      throw (E) e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
