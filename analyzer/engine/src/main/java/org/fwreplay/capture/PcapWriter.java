package org.fwreplay.capture;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes a pcap file, nanoseconds, little-endian, version 2.4. The records go to a hidden file
 * beside the target that takes its name with {@link #commit()}; closed without that, it is deleted:
 * no half-written file is left.
 */
public final class PcapWriter implements Closeable {
  private static final int SNAP_LENGTH = 262_144;
  private static final int MAGIC = 0xa1b23c4d;
  private static final int VERSION = 4 << 16 | 2;
  private static final int FILE_HEADER = 24;
  private static final int RECORD_HEADER = 16;
  private static final int BUFFER = 1 << 16;
  private static final long NANOS = 1_000_000_000L;
  private static final long MAX_TIME = 0xffff_ffffL * NANOS + NANOS - 1;

  private final Path target;
  private final Path temporary;
  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER];
  private int used;
  private boolean closed;

  /**
   * Starts a file.
   *
   * @param linkType LINKTYPE_ value of its records
   */
  public PcapWriter(Path target, int linkType) throws IOException {
    this.target = target;
    String name = "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part";
    this.temporary = target.resolveSibling(name);
    this.out = Files.newOutputStream(temporary);
    Bytes.putLittle(buffer, 0, MAGIC);
    Bytes.putLittle(buffer, 4, VERSION);
    Bytes.putLittle(buffer, 16, SNAP_LENGTH);
    Bytes.putLittle(buffer, 20, linkType);
    used = FILE_HEADER;
  }

  /** Writes a record that was captured whole. */
  public void write(long timeNs, byte[] bytes, int offset, int length) throws IOException {
    write(timeNs, bytes, offset, length, length);
  }

  /**
   * Writes a record.
   *
   * @param timeNs nanoseconds since the epoch; held within what 32 bits of seconds can say
   * @param wireLength its length on the wire
   */
  public void write(long timeNs, byte[] bytes, int offset, int length, int wireLength)
      throws IOException {
    if (BUFFER - used < RECORD_HEADER) {
      flush();
    }
    long time = Math.max(0, Math.min(timeNs, MAX_TIME));
    Bytes.putLittle(buffer, used, (int) (time / NANOS));
    Bytes.putLittle(buffer, used + 4, (int) (time % NANOS));
    Bytes.putLittle(buffer, used + 8, length);
    Bytes.putLittle(buffer, used + 12, wireLength);
    used += RECORD_HEADER;
    append(bytes, offset, length);
  }

  private void append(byte[] bytes, int offset, int length) throws IOException {
    if (length > BUFFER - used) {
      flush();
    }
    if (length > BUFFER) {
      out.write(bytes, offset, length);
    } else {
      System.arraycopy(bytes, offset, buffer, used, length);
      used += length;
    }
  }

  private void flush() throws IOException {
    out.write(buffer, 0, used);
    used = 0;
  }

  /** Completes the file and gives it its name, in place of one that was there. */
  public void commit() throws IOException {
    flush();
    out.close();
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
    closed = true;
  }

  /** Abandons the file unless it was committed. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      out.close();
      Files.deleteIfExists(temporary);
    }
  }
}
