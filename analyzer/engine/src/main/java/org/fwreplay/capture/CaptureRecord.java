package org.fwreplay.capture;

/**
 * One record of a capture, reused from call to call.
 *
 * <p>{@link #buffer} belongs to the reader: the record's own bytes, {@code [offset, offset +
 * length)}, may be overwritten, nothing else, and none of it may be kept beyond the next call to
 * the reader.
 */
public final class CaptureRecord {
  /** The array that holds the record's bytes, starting with the link layer. */
  public byte[] buffer;

  /** Index of the first byte in {@link #buffer}. */
  public int offset;

  /** Number of bytes captured. */
  public int length;

  /**
   * Number of bytes that were on the wire, as the capture says: above {@link #length} when cut by
   * the snap length.
   */
  public int wireLength;

  /** Nanoseconds since the epoch. */
  public long timeNs;

  /**
   * Whether the capture holds a time for this record. A simple packet block has none: {@link
   * #timeNs} is then that of the record before it, or 0.
   */
  public boolean timed;

  /** LINKTYPE_ value, see {@link LinkLayer}. */
  public int linkType;

  /**
   * Index into {@link CaptureReader#interfaces()}; counts on over the sections of a pcapng file.
   */
  public int interfaceId;

  /** Name of the interface, or null when the capture does not say. */
  public String interfaceName;

  /** Comments of the packet, one a line, or null. */
  public String comment;

  /**
   * How the capturing machine saw the packet, in Linux's numbers ({@code PACKET_HOST} 0, {@code
   * PACKET_OUTGOING} 4 and those between), or -1 when the record header does not say.
   */
  public int packetType;

  /** Byte offset of the record in the (decompressed) capture. */
  public long fileOffset;

  /**
   * Which of the merged captures the record comes from, as given to {@link CaptureMerger}; 0
   * without merging.
   */
  public int source;

  /** Whether a {@link RecordCheck} found the IP header sound, of IPv4 with its checksum. */
  public boolean networkSumGood;

  /** Whether it found the checksum of TCP or UDP in a whole packet right. */
  public boolean transportSumGood;

  /** Takes over all fields of another record; the bytes stay where they are. */
  public void set(CaptureRecord other) {
    buffer = other.buffer;
    offset = other.offset;
    length = other.length;
    wireLength = other.wireLength;
    timeNs = other.timeNs;
    timed = other.timed;
    linkType = other.linkType;
    interfaceId = other.interfaceId;
    interfaceName = other.interfaceName;
    comment = other.comment;
    packetType = other.packetType;
    fileOffset = other.fileOffset;
    source = other.source;
    networkSumGood = other.networkSumGood;
    transportSumGood = other.transportSumGood;
  }
}
