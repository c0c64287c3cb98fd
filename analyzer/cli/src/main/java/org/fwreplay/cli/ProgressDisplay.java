package org.fwreplay.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.fwreplay.replay.ReplayRun;

/**
 * A progress bar on standard error for runs that take long, where standard error is a terminal. The
 * bar appears after a second.
 */
final class ProgressDisplay {
  private static final long PATIENCE_NS = 1_000_000_000L;
  private static final long MEBIBYTE = 1 << 20;

  private final long start = System.nanoTime();
  private final String task;
  private final boolean shown = isTerminal();
  private ProgressBar bar;

  /**
   * A display of work that has not started.
   *
   * @param task what it is called
   */
  ProgressDisplay(String task) {
    this.task = task;
  }

  /** Java tells only of standard input and output whether they are terminals; Linux of all. */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null;
    }
  }

  /** So much of the captures is read; see {@link ReplayRun.Progress}. */
  void at(long done, long total) {
    if (bar == null && shown && System.nanoTime() - start > PATIENCE_NS) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setUnit(" MiB", MEBIBYTE)
              .setStyle(ProgressBarStyle.ASCII)
              .clearDisplayOnFinish()
              .build();
    }
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  /** The work is over. */
  void end() {
    if (bar != null) {
      bar.close();
    }
  }
}
