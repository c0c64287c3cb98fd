package org.fwreplay.capture;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * A stream with its name, decompressed, and counted before that. Compression is told by its magic.
 */
final class CaptureSource {
  /**
   * zstd: RFC 8878 section 3.1.1; gzip: RFC 1952 section 2.3.1; xz: the .xz file format, section
   * 2.1.1.1.
   */
  private static final int MAGIC_LENGTH = 6;

  private static final int GZIP = 0x1f8b;
  private static final int ZSTD = 0x28b52ffd;
  private static final int ZSTD_SKIPPABLE = 0x502a4d18;
  private static final long XZ = 0xfd377a585a00L;

  private static final int BUFFER = 1 << 16;

  /** Smaller files are read before a thread has started. */
  private static final int AHEAD_FROM = 1 << 20;

  /** xz -9 needs 65 MiB; a header may ask for any amount. */
  private static final int XZ_MEMORY_KIB = 128 << 10;

  private final String name;
  private final long totalBytes;
  private final Counter counter;
  private final BlockInput input;
  private String compression;

  /**
   * Looks at the first bytes and decompresses if they say so. Closes the stream when it throws.
   *
   * @param totalBytes size of the file, or -1
   * @throws CaptureException when it cannot be decompressed, such as for a damaged header
   */
  CaptureSource(InputStream in, String name, long totalBytes) throws IOException {
    this.name = name;
    this.totalBytes = totalBytes;
    this.counter = new Counter(in);
    try {
      InputStream plain = decompressed();
      InputStream safe = compression == null ? plain : new SmallReads(plain);
      this.input = new BlockInput(safe);
    } catch (IOException | RuntimeException | LinkageError e) {
      in.close();
      String what = compression == null ? "" : compression + " ";
      throw new CaptureException(
          new CaptureProblem(name, 0, what + "cannot be read: " + e.getMessage()));
    }
  }

  /**
   * Whether to read in a thread of its own. Not for a pipe: one cannot close what waits for a
   * writer.
   */
  boolean isWorthAhead() {
    return totalBytes >= AHEAD_FROM && Runtime.getRuntime().availableProcessors() > 1;
  }

  private InputStream decompressed() throws IOException {
    PushbackInputStream in = new PushbackInputStream(counter, MAGIC_LENGTH);
    byte[] head = in.readNBytes(MAGIC_LENGTH);
    in.unread(head);
    long magic = 0;
    for (int i = 0; i < MAGIC_LENGTH; i++) {
      magic = magic << 8 | (i < head.length ? head[i] & 0xff : 0);
    }
    if (magic >>> 32 == GZIP) {
      compression = "gzip";
      return new GZIPInputStream(in, BUFFER);
    }
    if (magic >>> 16 == ZSTD || (magic >>> 16 & ~0xf000000L) == ZSTD_SKIPPABLE) {
      compression = "zstd";
      return new ZstdInputStreamNoFinalizer(in);
    }
    if (magic == XZ) {
      compression = "xz";
      return new XZInputStream(new BufferedInputStream(in, BUFFER), XZ_MEMORY_KIB);
    }
    return in;
  }

  String name() {
    return name;
  }

  BlockInput input() {
    return input;
  }

  /** Name of the compression, or null. */
  String compression() {
    return compression;
  }

  long bytesRead() {
    return counter.count;
  }

  long totalBytes() {
    return totalBytes;
  }

  /**
   * Counts what is read. Says that there is more until the end is reached: GZIPInputStream takes a
   * stream with nothing available for one without a further member, which a pipe is not.
   */
  private static final class Counter extends FilterInputStream {
    private volatile long count;
    private boolean ended;

    Counter(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      counted(value < 0 ? -1 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      counted(read);
      return read;
    }

    private void counted(int read) {
      ended = read < 0;
      count = count + Math.max(0, read);
    }

    @Override
    public int available() throws IOException {
      return ended ? 0 : Math.max(1, super.available());
    }
  }

  /** Reads a little at a time: what a call has decompressed is lost when it throws. */
  private static final class SmallReads extends FilterInputStream {
    private static final int CHUNK = 1 << 13;

    SmallReads(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return super.read(bytes, offset, Math.min(length, CHUNK));
    }
  }
}
