package org.fwreplay.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Opens captures: pcap and pcapng, plain or in gzip, zstd or xz, told by their magic, never by
 * name.
 */
public final class Captures {
  /** The name that stands for standard input. */
  public static final String STANDARD_INPUT = "-";

  private static final String EXPECTED = "expected pcap or pcapng, plain or in gzip, zstd or xz";

  private Captures() {}

  /**
   * Opens a file, or standard input for {@code -}.
   *
   * @throws CaptureException when it cannot be opened or is no capture
   */
  public static CaptureReader open(Path path) throws IOException {
    return open(path, ReaderKind.OWN);
  }

  /** Opens a file, or standard input for {@code -}, with a choice of the framing. */
  public static CaptureReader open(Path path, ReaderKind kind) throws IOException {
    return open(path, kind, RecordCheck.NONE);
  }

  /**
   * The same.
   *
   * @param check asked about each record where a thread of its own reads
   */
  public static CaptureReader open(Path path, ReaderKind kind, RecordCheck check)
      throws IOException {
    String name = path.toString();
    if (name.equals(STANDARD_INPUT)) {
      return open(System.in, name, -1, kind, check);
    }
    try {
      if (Files.isDirectory(path)) {
        throw notOpened(name, "is a directory");
      }
      long size = Files.isRegularFile(path) ? Files.size(path) : -1;
      return open(Files.newInputStream(path), name, size, kind, check);
    } catch (NoSuchFileException e) {
      throw notOpened(name, "no such file");
    } catch (AccessDeniedException e) {
      throw notOpened(name, "permission denied");
    }
  }

  /**
   * Opens a stream; the reader closes it.
   *
   * @param name what to call it
   * @throws CaptureException when it is no capture
   */
  public static CaptureReader open(InputStream in, String name) throws IOException {
    return open(in, name, -1, ReaderKind.OWN, RecordCheck.NONE);
  }

  private static CaptureReader open(
      InputStream in, String name, long size, ReaderKind kind, RecordCheck check)
      throws IOException {
    CaptureSource source = new CaptureSource(in, name, size);
    try {
      RecordReader reader = reader(source, kind);
      return source.isWorthAhead() ? new RecordsAhead(reader, check) : reader;
    } catch (CaptureException e) {
      source.input().close();
      throw e;
    }
  }

  private static RecordReader reader(CaptureSource source, ReaderKind kind)
      throws CaptureException {
    BlockInput input = source.input();
    int magic = input.require(4) ? Bytes.i32(input.buffer, input.position) : 0;
    if (magic == PcapngReader.SECTION_HEADER) {
      return pcapng(source);
    }
    if (PcapHeader.isMagic(magic)) {
      return pcap(source, kind);
    }
    throw notACapture(source.name(), notMagic(source));
  }

  private static String notMagic(CaptureSource source) {
    BlockInput input = source.input();
    if (input.failure() != null) {
      return "the data cannot be read: " + input.failure() + "; " + EXPECTED;
    }
    String where = source.compression() == null ? "" : " inside " + source.compression();
    return input.available() == 0
        ? "empty" + where + "; " + EXPECTED
        : "no capture"
            + where
            + ", begins with "
            + HexFormat.of().formatHex(input.head(8))
            + "; "
            + EXPECTED;
  }

  private static RecordReader pcap(CaptureSource source, ReaderKind kind) throws CaptureException {
    BlockInput input = source.input();
    if (!input.require(PcapHeader.LENGTH)) {
      throw notACapture(
          source.name(), "pcap file header of 24 bytes cut off after " + input.available());
    }
    String version = PcapHeader.versionProblem(input.buffer, input.position);
    if (version != null) {
      throw notACapture(source.name(), version);
    }
    boolean pkts =
        kind == ReaderKind.PKTS && !PcapHeader.read(input.buffer, input.position).modified();
    return pkts ? new PktsPcapReader(source) : new PcapReader(source);
  }

  private static RecordReader pcapng(CaptureSource source) throws CaptureException {
    PcapngReader reader = new PcapngReader(source);
    if (!reader.begin()) {
      throw new CaptureException(reader.problem());
    }
    return reader;
  }

  private static CaptureException notOpened(String name, String message) {
    return new CaptureException(new CaptureProblem(name, CaptureProblem.NOT_OPENED, message));
  }

  private static CaptureException notACapture(String name, String message) {
    return new CaptureException(new CaptureProblem(name, 0, message));
  }
}
