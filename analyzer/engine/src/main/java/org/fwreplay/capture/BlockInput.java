package org.fwreplay.capture;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * A stream read in large blocks into an array in which records are used in place. The array grows
 * to the largest piece asked for in one; who asks bounds that.
 */
final class BlockInput implements Closeable {
  private static final int BLOCK = 1 << 18;

  /** The bytes at hand are {@code [position, limit)}. */
  byte[] buffer = new byte[BLOCK];

  int position;
  private int limit;
  private long base;
  private boolean ended;
  private String failure;
  private final InputStream in;

  BlockInput(InputStream in) {
    this.in = in;
  }

  /**
   * Whether {@code count} bytes are at hand, reading more if needed; moves what is left to the
   * front.
   */
  boolean require(int count) {
    return limit - position >= count || fill(count);
  }

  /** Number of bytes at hand; after a failed {@link #require} all that the stream still had. */
  int available() {
    return limit - position;
  }

  /** Offset of {@link #position} in the stream. */
  long offset() {
    return base + position;
  }

  /** What went wrong in the stream, or null when it just ended. */
  String failure() {
    return failure;
  }

  /** Passes over bytes without keeping them; false when the stream ends before. */
  boolean skip(long count) {
    long left = count;
    while (left > available()) {
      left -= available();
      position = limit;
      if (!require(1)) {
        return false;
      }
    }
    position += (int) left;
    return true;
  }

  /** Gives nothing more from here on. */
  void stop() {
    position = limit;
    ended = true;
  }

  private boolean fill(int count) {
    if (ended) {
      return false;
    }
    compact(count);
    while (limit < count && !ended) {
      readSome();
    }
    return limit >= count;
  }

  private void compact(int count) {
    int left = limit - position;
    byte[] target = count > buffer.length ? new byte[count + BLOCK] : buffer;
    System.arraycopy(buffer, position, target, 0, left);
    buffer = target;
    base += position;
    position = 0;
    limit = left;
  }

  /** Decompressors throw unchecked exceptions of their own on damaged data. */
  private void readSome() {
    try {
      int read = in.read(buffer, limit, buffer.length - limit);
      ended = read < 0;
      limit += Math.max(0, read);
    } catch (IOException | RuntimeException e) {
      ended = true;
      failure = describe(e);
    }
  }

  private static String describe(Exception e) {
    String otherwise = e instanceof EOFException ? "unexpected end" : e.getClass().getSimpleName();
    return Objects.requireNonNullElse(e.getMessage(), otherwise);
  }

  /** The first bytes at hand, at most {@code count}, for a message. */
  byte[] head(int count) {
    return Arrays.copyOfRange(buffer, position, position + Math.min(count, available()));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
