package org.fwreplay.report.info;

import java.util.List;
import org.fwreplay.capture.CaptureProblem;

/**
 * What a capture holds.
 *
 * @param format its file format in words, compression included
 * @param packets records that could be read
 * @param bytes that were on the wire, link layer included
 * @param cut packets of which the snap length cut something off
 * @param untimed packets without a time
 * @param backwards packets with a time before that of the packet before
 * @param firstNs earliest time, ns since the epoch; without meaning where no packet has a time
 * @param lastNs latest time
 * @param interfaces that the capture describes
 * @param protocols most packets first
 * @param hosts that sent or received most packets; there may be more
 * @param hostCount how many hosts there are, or how many were counted before it became too many
 * @param comments of packets, the first ones
 * @param commentCount how many packets have comments
 * @param problem why it ends early, or null
 */
public record CaptureInfo(
    String file,
    String format,
    long packets,
    long bytes,
    long cut,
    long untimed,
    long backwards,
    long firstNs,
    long lastNs,
    List<Interface> interfaces,
    List<Protocol> protocols,
    List<Host> hosts,
    long hostCount,
    List<Comment> comments,
    long commentCount,
    CaptureProblem problem) {

  /**
   * An interface that the capture was made on.
   *
   * @param name null where the capture does not say
   * @param description likewise
   * @param linkType in words
   * @param snapLength bytes captured of a packet at most, 0 for no limit
   */
  public record Interface(
      int id, String name, String description, String linkType, int snapLength, long packets) {}

  /** Packets of one protocol. */
  public record Protocol(String name, long packets, long bytes) {}

  /** Packets that an address sent and received. */
  public record Host(String address, long sent, long received, long bytes) {}

  /** A packet's comment; frames count from 0. */
  public record Comment(long frame, String text) {}
}
