package org.fwreplay.report;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A text file (UTF-8) that appears whole or not at all: it is written to a hidden file beside its
 * place and takes its name with {@link #commit()}; closed without that, it is deleted. What is no
 * regular file, such as a pipe, is written to directly.
 */
public final class AtomicFile implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final Path target;
  private final Path temporary;
  private final Writer writer;
  private boolean closed;

  /** Starts a file. */
  public AtomicFile(Path file) throws IOException {
    target = Files.isRegularFile(file) ? file.toRealPath() : file;
    boolean special = Files.exists(file) && !Files.isRegularFile(file);
    String part = "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part";
    temporary = special ? null : target.resolveSibling(part);
    try {
      writer =
          new BufferedWriter(
              new OutputStreamWriter(
                  new BufferedOutputStream(
                      Files.newOutputStream(special ? target : temporary), BUFFER),
                  StandardCharsets.UTF_8),
              BUFFER);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such folder", e);
    }
  }

  /** Takes the content. */
  public Writer writer() {
    return writer;
  }

  /** Completes the file and gives it its name, in place of one that was there. */
  public void commit() throws IOException {
    writer.close();
    if (temporary != null) {
      try {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    closed = true;
  }

  /** Abandons the file unless it was committed. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (Writer abandoned = writer) {
      abandoned.flush();
    } finally {
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    }
  }
}
