package org.fwreplay.capture;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * pcapng: draft-ietf-opsawg-pcapng. Packets come from enhanced, simple and the obsolete packet
 * blocks; blocks of other types are passed over.
 */
final class PcapngReader extends RecordReader {
  /** Type of a section header block, the same in both byte orders. */
  static final int SECTION_HEADER = 0x0a0d0d0a;

  private static final int INTERFACE_DESCRIPTION = 1;
  private static final int PACKET = 2;
  private static final int SIMPLE_PACKET = 3;
  private static final int ENHANCED_PACKET = 6;

  private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
  private static final int HEADER = 8;
  private static final int TRAILER = 4;
  private static final int SECTION_HEADER_MIN = 28;
  private static final int INTERFACE_MIN = 20;
  private static final int SIMPLE_MIN = 16;
  private static final int ENHANCED_MIN = 32;

  /** Largest block that is read as a whole, in bytes; libpcap's. */
  private static final int MAX_BLOCK = 16 << 20;

  private static final int OPTION_COMMENT = 1;
  private static final int OPTION_FLAGS = 2;
  private static final int OPTION_NAME = 2;
  private static final int OPTION_DESCRIPTION = 3;
  private static final int OPTION_RESOLUTION = 9;
  private static final int OPTION_OFFSET = 14;

  private static final int PACKET_OUTGOING = 4;
  private static final int PACKET_OTHERHOST = 3;

  private final PcapngOptions options = new PcapngOptions();
  private boolean bigEndian;
  private int firstOfSection;
  private TimeResolution[] resolutions = new TimeResolution[4];
  private long lastTimeNs;

  /** A section header is at hand in the source. */
  PcapngReader(CaptureSource source) {
    super(source);
  }

  /** Reads the first section header; false when it is no good, see {@link #problem()}. */
  boolean begin() {
    long at = input.offset();
    return input.require(HEADER) ? sectionHeader() : end(at, "section header block cut off");
  }

  @Override
  boolean read(CaptureRecord into) {
    while (true) {
      if (!input.require(HEADER)) {
        return end(input.offset(), "block header cut off");
      }
      int type = field(0);
      switch (type) {
        case ENHANCED_PACKET, PACKET, SIMPLE_PACKET -> {
          return block(minimum(type)) && packet(type, into);
        }
        case INTERFACE_DESCRIPTION -> {
          if (!block(INTERFACE_MIN) || !interfaceDescription()) {
            return false;
          }
        }
        case SECTION_HEADER -> {
          if (!sectionHeader()) {
            return false;
          }
        }
        default -> {
          if (!passOver()) {
            return false;
          }
        }
      }
    }
  }

  private static int minimum(int type) {
    return type == SIMPLE_PACKET ? SIMPLE_MIN : ENHANCED_MIN;
  }

  private int blockLength() {
    return field(4);
  }

  /** Makes the whole block at the position available and checks both its lengths. */
  private boolean block(int minimum) {
    long at = input.offset();
    int length = blockLength();
    if (Integer.compareUnsigned(length, minimum) < 0
        || Integer.compareUnsigned(length, MAX_BLOCK) > 0
        || length % 4 != 0) {
      return fail(at, badLength(length, "a multiple of 4 from " + minimum + " to " + MAX_BLOCK));
    }
    if (!input.require(length)) {
      return end(at, "block of " + length + " bytes cut off");
    }
    int trailing = Bytes.i32(input.buffer, input.position + length - TRAILER, bigEndian);
    return trailing == length || fail(at, differs(length, trailing));
  }

  private static String badLength(int length, String expected) {
    return "block length " + Integer.toUnsignedString(length) + ", expected " + expected;
  }

  private static String differs(int length, int trailing) {
    return badLength(trailing, "at the end of the block what its beginning says: ")
        + Integer.toUnsignedString(length);
  }

  private boolean passOver() {
    long at = input.offset();
    int length = blockLength();
    if (Integer.compareUnsigned(length, HEADER + TRAILER) < 0 || length % 4 != 0) {
      return fail(at, badLength(length, "a multiple of 4 from 12"));
    }
    boolean whole = input.skip(Integer.toUnsignedLong(length) - TRAILER) && input.require(TRAILER);
    if (!whole) {
      return end(at, "block of " + Integer.toUnsignedString(length) + " bytes cut off");
    }
    int trailing = Bytes.i32(input.buffer, input.position, bigEndian);
    input.position += TRAILER;
    return trailing == length || fail(at, differs(length, trailing));
  }

  private boolean sectionHeader() {
    long at = input.offset();
    if (!input.require(SECTION_HEADER_MIN)) {
      return end(at, "section header block cut off");
    }
    int magic = Bytes.i32(input.buffer, input.position + HEADER);
    if (magic != BYTE_ORDER_MAGIC && magic != Integer.reverseBytes(BYTE_ORDER_MAGIC)) {
      return fail(
          at, String.format("byte-order magic 0x%08x, expected 0x1a2b3c4d in either order", magic));
    }
    bigEndian = magic == BYTE_ORDER_MAGIC;
    int major = Bytes.u16(input.buffer, input.position + 12, bigEndian);
    if (major != 1) {
      return fail(at, "pcapng version " + major + ", expected 1");
    }
    if (!block(SECTION_HEADER_MIN)) {
      return false;
    }
    firstOfSection = interfaces.size();
    input.position += blockLength();
    return true;
  }

  private boolean interfaceDescription() {
    int at = input.position;
    int length = blockLength();
    int linkType = Bytes.u16(input.buffer, at + 8, bigEndian);
    int snapLength = field(12);
    String name = null;
    String description = null;
    int resolution = TimeResolution.MICROSECONDS;
    long offsetSeconds = 0;
    options.reset(input.buffer, at + 16, at + length - TRAILER, bigEndian);
    while (options.next()) {
      switch (options.code) {
        case OPTION_NAME -> name = text();
        case OPTION_DESCRIPTION -> description = text();
        case OPTION_RESOLUTION ->
            resolution = options.length < 1 ? resolution : input.buffer[options.at] & 0xff;
        case OPTION_OFFSET ->
            offsetSeconds = options.length < 8 ? 0 : Bytes.i64(input.buffer, options.at, bigEndian);
        default -> {}
      }
    }
    if (!TimeResolution.isSupported(resolution)) {
      return fail(
          input.offset(),
          String.format("time resolution 0x%02x does not fit in 64 bits", resolution));
    }
    addInterface(
        new CaptureInterface(interfaces.size(), linkType, snapLength, name, description),
        new TimeResolution(resolution, offsetSeconds));
    input.position = at + length;
    return true;
  }

  private void addInterface(CaptureInterface description, TimeResolution resolution) {
    int id = description.id();
    if (id == resolutions.length) {
      resolutions = Arrays.copyOf(resolutions, id * 2);
    }
    resolutions[id] = resolution;
    interfaces.add(description);
  }

  private String text() {
    int end = options.at + options.length;
    while (end > options.at && input.buffer[end - 1] == 0) {
      end--;
    }
    return new String(input.buffer, options.at, end - options.at, StandardCharsets.UTF_8);
  }

  /** Reads the packet of the whole block at the position. */
  private boolean packet(int type, CaptureRecord into) {
    int inSection = interfaceInSection(type);
    int known = interfaces.size() - firstOfSection;
    if (Integer.compareUnsigned(inSection, known) >= 0) {
      return fail(
          input.offset(),
          "packet of interface "
              + Integer.toUnsignedString(inSection)
              + ", "
              + known
              + " described");
    }
    CaptureInterface description = interfaces.get(firstOfSection + inSection);
    boolean simple = type == SIMPLE_PACKET;
    int captured = simple ? simpleLength(description) : field(20);
    int room = blockLength() - minimum(type);
    if (Integer.compareUnsigned(captured, MAX_LENGTH) > 0) {
      return fail(input.offset(), tooLong(captured));
    }
    if (captured > room) {
      return fail(input.offset(), "captured length " + captured + " in a block that holds " + room);
    }
    fill(into, description, simple, captured);
    input.position += blockLength();
    packets++;
    return true;
  }

  private int field(int at) {
    return Bytes.i32(input.buffer, input.position + at, bigEndian);
  }

  private int interfaceInSection(int type) {
    return switch (type) {
      case SIMPLE_PACKET -> 0;
      case PACKET -> Bytes.u16(input.buffer, input.position + 8, bigEndian);
      default -> field(8);
    };
  }

  private void fill(
      CaptureRecord into, CaptureInterface description, boolean simple, int captured) {
    into.buffer = input.buffer;
    into.offset = input.position + (simple ? SIMPLE_MIN : ENHANCED_MIN) - TRAILER;
    into.length = captured;
    into.wireLength = wireLength(field(simple ? 8 : 24), captured);
    into.timed = !simple;
    if (!simple) {
      lastTimeNs =
          resolutions[description.id()].toNanos((long) field(12) << 32 | field(16) & 0xffffffffL);
    }
    into.timeNs = lastTimeNs;
    into.linkType = description.linkType();
    into.interfaceId = description.id();
    into.interfaceName = description.name();
    into.comment = null;
    into.packetType = -1;
    into.fileOffset = input.offset();
    into.source = 0;
    int optionsAt = into.offset + (captured + 3 & ~3);
    int end = input.position + blockLength() - TRAILER;
    if (!simple && optionsAt < end) {
      packetOptions(into, optionsAt, end);
    }
  }

  /**
   * A simple packet block has no captured length: it is cut by the snap length of its interface,
   * the first.
   */
  private int simpleLength(CaptureInterface description) {
    int wire = field(8);
    int snap = description.snapLength();
    return snap != 0 && Integer.compareUnsigned(wire, snap) > 0 ? snap : wire;
  }

  private void packetOptions(CaptureRecord into, int at, int end) {
    options.reset(input.buffer, at, end, bigEndian);
    while (options.next()) {
      if (options.code == OPTION_COMMENT) {
        into.comment = into.comment == null ? text() : into.comment + "\n" + text();
      } else if (options.code == OPTION_FLAGS && options.length >= 4) {
        into.packetType = packetType(Bytes.i32(input.buffer, options.at, bigEndian));
      }
    }
  }

  /** Direction and reception of the epb_flags option as one of Linux's packet types. */
  private static int packetType(int flags) {
    int direction = flags & 3;
    int reception = flags >>> 2 & 7;
    if (direction == 2) {
      return PACKET_OUTGOING;
    }
    return switch (reception) {
      case 1 -> 0;
      case 2 -> 2;
      case 3 -> 1;
      case 4 -> PACKET_OTHERHOST;
      default -> direction == 1 ? 0 : -1;
    };
  }

  @Override
  String container() {
    return "pcapng" + (bigEndian ? ", big-endian" : ", little-endian");
  }
}
