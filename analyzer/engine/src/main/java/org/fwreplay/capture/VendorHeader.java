package org.fwreplay.capture;

/**
 * A link-layer header of a driver's own, by the offsets of what matters in it; all in bytes from
 * the beginning of the frame.
 *
 * @param dst of the destination hardware address, 6 bytes
 * @param src of the source hardware address, 6 bytes
 * @param type of the EtherType, 2 bytes
 * @param ip of the network header
 */
public record VendorHeader(int dst, int src, int type, int ip) {
  private static final int MAX_OFFSET = 256;
  private static final int ETHERNET_LENGTH = 14;

  /**
   * Reads {@code dst:N,src:N,type:N,ip:N}, in any order.
   *
   * @throws IllegalArgumentException where the text is something else
   */
  public static VendorHeader parse(String text) {
    int[] offsets = {-1, -1, -1, -1};
    String[] names = {"dst", "src", "type", "ip"};
    for (String part : text.split(",", -1)) {
      String[] both = part.split(":", -1);
      int index = java.util.Arrays.asList(names).indexOf(both[0]);
      if (both.length != 2 || index < 0 || offsets[index] >= 0 || !both[1].matches("\\d{1,3}")) {
        throw new IllegalArgumentException(
            "\"" + part + "\": expected dst:N,src:N,type:N,ip:N, each once");
      }
      offsets[index] = Integer.parseInt(both[1]);
      if (offsets[index] > MAX_OFFSET) {
        throw new IllegalArgumentException(part + ": offsets are at most " + MAX_OFFSET);
      }
    }
    for (int i = 0; i < names.length; i++) {
      if (offsets[i] < 0) {
        throw new IllegalArgumentException(names[i] + ":N is missing");
      }
    }
    VendorHeader header = new VendorHeader(offsets[0], offsets[1], offsets[2], offsets[3]);
    if (header.ip < Math.max(Math.max(header.dst, header.src) + 6, header.type + 2)) {
      throw new IllegalArgumentException("the network header begins before the link header ends");
    }
    return header;
  }

  /**
   * Takes the link layer off a frame, as {@link LinkLayer#decode}. Where there is room an Ethernet
   * header is written before the network header, for those who want one.
   */
  public boolean decode(byte[] frame, int offset, int length, LinkHeader into) {
    into.clear();
    if (length < ip) {
      into.problem = LinkHeader.Problem.TRUNCATED;
      return false;
    }
    into.dstMac = Bytes.u48(frame, offset + dst);
    into.srcMac = Bytes.u48(frame, offset + src);
    into.etherType = Bytes.u16(frame, offset + type);
    into.networkOffset = offset + ip;
    into.networkLength = length - ip;
    if (ip >= ETHERNET_LENGTH) {
      into.macOffset = into.networkOffset - ETHERNET_LENGTH;
      put(frame, into.macOffset, into.dstMac);
      put(frame, into.macOffset + 6, into.srcMac);
      frame[into.macOffset + 12] = (byte) (into.etherType >> 8);
      frame[into.macOffset + 13] = (byte) into.etherType;
    }
    return true;
  }

  private static void put(byte[] b, int at, long mac) {
    for (int i = 0; i < 6; i++) {
      b[at + i] = (byte) (mac >> 40 - 8 * i);
    }
  }
}
