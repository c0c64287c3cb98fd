package org.fwreplay.legacy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.fwreplay.capture.LinkLayer;
import org.fwreplay.capture.PcapWriter;

/** Writes what it gets into a capture (raw IP), and gives nothing back. */
public final class RecordingListener implements PacketListener {
  private final PcapWriter out;

  /** Begins to write; the file appears when the run is over. */
  public RecordingListener(Path file) throws IOException {
    out = new PcapWriter(file, LinkLayer.RAW);
  }

  @Override
  public List<byte[]> take(byte[] packet, long timeNs) {
    try {
      out.write(timeNs, packet, 0, packet.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of();
  }

  @Override
  public void finish() throws IOException {
    out.commit();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
