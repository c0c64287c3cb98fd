package org.fwreplay.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads a stream, and so decompresses it, in a thread of its own, some blocks ahead of who uses it.
 * What the stream throws comes behind the bytes that it gave before.
 */
final class ReadAhead extends InputStream {
  private static final int BLOCKS = 4;

  /** Part of a stream; one without bytes is its end. */
  private static final class Block {
    final byte[] bytes = new byte[1 << 18];
    int length;
    IOException failure;
    RuntimeException bug;

    boolean isLast() {
      return length == 0 || failure != null || bug != null;
    }
  }

  private final InputStream in;
  private final BlockingQueue<Block> free = new ArrayBlockingQueue<>(BLOCKS);
  private final BlockingQueue<Block> filled = new ArrayBlockingQueue<>(BLOCKS);
  private final Thread reader = new Thread(this::readAll, "read-ahead");
  private Block current;
  private int position;

  /** Starts to read; {@code in} is used by no one else from now on. */
  ReadAhead(InputStream in) {
    this.in = in;
    for (int i = 0; i < BLOCKS; i++) {
      free.add(new Block());
    }
    reader.setDaemon(true);
    reader.start();
  }

  private void readAll() {
    try {
      Block block;
      do {
        block = free.take();
        fill(block);
        filled.put(block);
      } while (!block.isLast());
    } catch (InterruptedException e) {
      // Closed: nobody waits for more.
    }
  }

  private void fill(Block block) throws InterruptedException {
    block.length = 0;
    int read = 0;
    try {
      while (block.length < block.bytes.length && read >= 0) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        read = in.read(block.bytes, block.length, block.bytes.length - block.length);
        block.length += Math.max(0, read);
      }
    } catch (IOException e) {
      block.failure = e;
    } catch (RuntimeException e) {
      block.bug = e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (current == null || position == current.length) {
      next();
    }
    int count = Math.min(length, current.length - position);
    System.arraycopy(current.bytes, position, bytes, offset, count);
    position += count;
    return current.length == 0 ? -1 : count;
  }

  private void next() throws IOException {
    if (current != null) {
      if (current.failure != null) {
        throw current.failure;
      }
      if (current.bug != null) {
        throw current.bug;
      }
      if (current.length == 0) {
        return;
      }
      free.add(current);
    }
    try {
      current = filled.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    position = 0;
    if (current.length == 0) {
      next();
    }
  }

  /** Waits for the reader's latest call to come back; then nothing of the stream is in use. */
  @Override
  public void close() throws IOException {
    reader.interrupt();
    boolean interrupted = false;
    while (reader.isAlive()) {
      try {
        reader.join();
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
