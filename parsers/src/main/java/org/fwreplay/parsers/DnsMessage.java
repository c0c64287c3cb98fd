package org.fwreplay.parsers;

import java.util.List;
import java.util.Optional;

/**
 * A DNS message (RFC 1035, section 4).
 *
 * <p>Names are in master file format without the final dot, in the case they were sent in; the root
 * is {@code "."}. Octets that are not printable are {@code \DDD}, dots inside a label {@code \.}.
 *
 * @param id chosen by the asker, 16 bits
 * @param flags the second 16 bits of the header, QR highest
 * @param questions what is asked
 * @param answers records that answer the question
 * @param authorities records that point to an authority
 * @param additionals further records, without the OPT pseudo-record
 * @param edns what the OPT pseudo-record says, where there is one
 */
public record DnsMessage(
    int id,
    int flags,
    List<Question> questions,
    List<ResourceRecord> answers,
    List<ResourceRecord> authorities,
    List<ResourceRecord> additionals,
    Optional<Edns> edns) {

  /** Whether this is a response (QR). */
  public boolean isResponse() {
    return (flags & 0x8000) != 0;
  }

  /** The kind of query, 4 bits: 0 a standard query, 4 a notification, 5 an update. */
  public int opcode() {
    return flags >> 11 & 0xf;
  }

  /** Whether the sender left records out for want of space (TC). */
  public boolean isTruncated() {
    return (flags & 0x0200) != 0;
  }

  /**
   * The response code, 12 bits with EDNS, else 4: 0 no error, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED.
   */
  public int rcode() {
    return edns.map(Edns::extendedRcode).orElse(0) << 4 | flags & 0xf;
  }

  /**
   * One question.
   *
   * @param name the name asked for
   * @param type 16 bits, {@link DnsType#name(int)} words it
   * @param qclass 16 bits, 1 for IN
   */
  public record Question(String name, int type, int qclass) {}

  /**
   * One resource record.
   *
   * @param name whom it is about
   * @param type 16 bits, {@link DnsType#name(int)} words it
   * @param rrClass 16 bits, 1 for IN
   * @param ttl seconds, unsigned 32 bits
   * @param data as on the wire: names in it may be compressed
   * @param text the data as in a master file (RFC 1035, section 5; RFC 5952 for AAAA), or of a type
   *     that is not known here or does not fit its data, {@code \\# 4 0a000001} (RFC 3597, section
   *     5)
   */
  public record ResourceRecord(
      String name, int type, int rrClass, long ttl, byte[] data, String text) {}

  /**
   * The OPT pseudo-record (RFC 6891, section 6.1).
   *
   * @param udpPayloadSize the largest UDP payload that the sender takes, in bytes
   * @param extendedRcode the upper 8 bits of the response code
   * @param version 0 so far
   * @param dnssecOk the DO bit
   * @param options in the order they were sent in
   */
  public record Edns(
      int udpPayloadSize, int extendedRcode, int version, boolean dnssecOk, List<Option> options) {}

  /**
   * One EDNS option.
   *
   * @param code 16 bits
   * @param data as on the wire
   */
  public record Option(int code, byte[] data) {}
}
