package org.fwreplay.capture;

/**
 * Classic pcap by our own framing: records stay where they were read, nothing is allocated for one.
 */
class PcapReader extends RecordReader {
  private static final int PACKET_TYPE = 22;

  final PcapHeader header;
  private final boolean bigEndian;
  private final int headerLength;
  private final int timeUnitNs;

  /** The header is at hand in the source, with its magic checked. */
  PcapReader(CaptureSource source) {
    super(source);
    header = PcapHeader.read(input.buffer, input.position);
    bigEndian = header.bigEndian();
    headerLength = header.recordHeaderLength();
    timeUnitNs = header.timeUnitNs();
    interfaces.add(new CaptureInterface(0, header.linkType(), header.snapLength(), null, null));
    input.position += PcapHeader.LENGTH;
  }

  @Override
  boolean read(CaptureRecord into) {
    if (!input.require(headerLength)) {
      return end(input.offset(), "record header cut off");
    }
    int captured = Bytes.i32(input.buffer, input.position + 8, bigEndian);
    if (Integer.compareUnsigned(captured, MAX_LENGTH) > 0) {
      return fail(input.offset(), tooLong(captured));
    }
    if (!input.require(headerLength + captured)) {
      return end(input.offset(), "record of " + captured + " captured bytes cut off");
    }
    fill(into, captured);
    input.position += headerLength + captured;
    packets++;
    return true;
  }

  private void fill(CaptureRecord into, int captured) {
    byte[] bytes = input.buffer;
    int at = input.position;
    into.buffer = bytes;
    into.offset = at + headerLength;
    into.length = captured;
    into.wireLength = wireLength(Bytes.i32(bytes, at + 12, bigEndian), captured);
    into.timeNs =
        Bytes.u32(bytes, at, bigEndian) * 1_000_000_000L
            + Bytes.u32(bytes, at + 4, bigEndian) * timeUnitNs;
    into.timed = true;
    into.linkType = header.linkType();
    into.interfaceId = 0;
    into.interfaceName = null;
    into.comment = null;
    into.packetType = header.modified() ? bytes[at + PACKET_TYPE] & 0xff : -1;
    into.fileOffset = input.offset();
    into.source = 0;
  }

  @Override
  final String container() {
    return header.describe();
  }
}
