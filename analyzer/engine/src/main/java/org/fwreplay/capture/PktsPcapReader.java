package org.fwreplay.capture;

import io.pkts.buffer.Buffers;
import io.pkts.frame.PcapGlobalHeader;
import io.pkts.framer.FramerManager;
import io.pkts.framer.PcapFramer;
import io.pkts.packet.PCapPacket;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Classic pcap framed by pkts.io. It is given one whole record at a time, which our own framing has
 * checked: by itself it runs over the end of a cut record, fails on an empty one, and shortens one
 * whose captured length is above its wire length; the last two are left to our own.
 */
final class PktsPcapReader extends PcapReader {
  private static final int HEADER_LENGTH = 16;

  private final PcapFramer framer;

  /** The header is at hand in the source, with its magic checked, not the modified one. */
  PktsPcapReader(CaptureSource source) {
    super(source);
    ByteOrder order = header.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    byte[] afterMagic =
        Arrays.copyOfRange(input.buffer, input.position - PcapHeader.LENGTH + 4, input.position);
    framer =
        new PcapFramer(
            new PcapGlobalHeader(order, afterMagic, header.nanoseconds()),
            FramerManager.getInstance());
  }

  @Override
  boolean read(CaptureRecord into) {
    return super.read(into) && (!isPlain(into) || frame(into));
  }

  private boolean isPlain(CaptureRecord record) {
    int wire = Bytes.i32(record.buffer, record.offset - 4, header.bigEndian());
    return record.length > 0 && record.length <= wire;
  }

  /**
   * Takes the lengths from pkts.io; the captured one must be the one that was checked. Not the
   * time, which it reads as signed: it goes negative in 2038.
   */
  private boolean frame(CaptureRecord into) {
    int start = into.offset - HEADER_LENGTH;
    try {
      PCapPacket packet =
          framer.frame(null, Buffers.wrap(into.buffer, start, into.offset + into.length));
      if (packet.getCapturedLength() != into.length) {
        return fail(
            into.fileOffset, "pkts.io reads a captured length of " + packet.getCapturedLength());
      }
      into.wireLength = wireLength((int) packet.getTotalLength(), into.length);
      return true;
    } catch (IOException | RuntimeException e) {
      return fail(into.fileOffset, "pkts.io cannot frame the record: " + e.getMessage());
    }
  }
}
