package org.fwreplay.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds the bytes of capture files, field by field, in either byte order. */
final class CaptureBytes {
  static final int MICROSECONDS = 0xa1b2c3d4;
  static final int NANOSECONDS = 0xa1b23c4d;
  static final int MODIFIED = 0xa1b2cd34;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteOrder order;

  private CaptureBytes(ByteOrder order) {
    this.order = order;
  }

  static CaptureBytes in(ByteOrder order) {
    return new CaptureBytes(order);
  }

  static CaptureBytes pcap(ByteOrder order, int magic, int linkType) {
    return in(order).u32(magic).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(linkType);
  }

  static CaptureBytes pcapng(ByteOrder order) {
    return in(order).section();
  }

  CaptureBytes u8(int value) {
    out.write(value);
    return this;
  }

  CaptureBytes u16(int value) {
    out.writeBytes(ByteBuffer.allocate(2).order(order).putShort((short) value).array());
    return this;
  }

  CaptureBytes u32(long value) {
    out.writeBytes(ByteBuffer.allocate(4).order(order).putInt((int) value).array());
    return this;
  }

  CaptureBytes u64(long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(order).putLong(value).array());
    return this;
  }

  CaptureBytes raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  CaptureBytes raw(CaptureBytes other) {
    return raw(other.bytes());
  }

  /** A classic record captured whole. */
  CaptureBytes record(long seconds, long fraction, byte... packet) {
    return cutRecord(seconds, fraction, packet.length, packet);
  }

  CaptureBytes cutRecord(long seconds, long fraction, int wireLength, byte... packet) {
    return u32(seconds).u32(fraction).u32(packet.length).u32(wireLength).raw(packet);
  }

  /** A record with the eight more bytes of Kuznetsov's libpcap. */
  CaptureBytes modifiedRecord(long seconds, long fraction, int packetType, byte... packet) {
    u32(seconds).u32(fraction).u32(packet.length).u32(packet.length);
    return u32(7).u16(0x0800).u8(packetType).u8(0).raw(packet);
  }

  /** A pcapng block around a body that is padded to four bytes. */
  CaptureBytes block(int type, CaptureBytes body) {
    body.pad();
    int length = body.size() + 12;
    return u32(type).u32(length).raw(body).u32(length);
  }

  CaptureBytes section() {
    return block(0x0a0d0d0a, in(order).u32(0x1a2b3c4d).u16(1).u16(0).u64(-1));
  }

  CaptureBytes interfaceBlock(int linkType, int snapLength, CaptureBytes... options) {
    CaptureBytes body = in(order).u16(linkType).u16(0).u32(snapLength);
    for (CaptureBytes option : options) {
      body.raw(option);
    }
    return block(1, body);
  }

  CaptureBytes enhanced(int interfaceId, long ticks, byte[] packet, CaptureBytes... options) {
    return block(6, packetBody(in(order).u32(interfaceId), ticks, packet.length, packet, options));
  }

  CaptureBytes obsolete(int interfaceId, long ticks, byte[] packet) {
    return block(2, packetBody(in(order).u16(interfaceId).u16(3), ticks, packet.length, packet));
  }

  private static CaptureBytes packetBody(
      CaptureBytes body, long ticks, int wireLength, byte[] packet, CaptureBytes... options) {
    body.u32(ticks >>> 32).u32(ticks).u32(packet.length).u32(wireLength).raw(packet).pad();
    for (CaptureBytes option : options) {
      body.raw(option);
    }
    return body;
  }

  CaptureBytes simple(int wireLength, byte... packet) {
    return block(3, in(order).u32(wireLength).raw(packet));
  }

  CaptureBytes option(int code, CaptureBytes value) {
    return in(order).u16(code).u16(value.size()).raw(value).pad();
  }

  CaptureBytes option(int code, String text) {
    return option(code, in(order).raw(text.getBytes(StandardCharsets.UTF_8)));
  }

  private CaptureBytes pad() {
    while (out.size() % 4 != 0) {
      out.write(0);
    }
    return this;
  }

  int size() {
    return out.size();
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
