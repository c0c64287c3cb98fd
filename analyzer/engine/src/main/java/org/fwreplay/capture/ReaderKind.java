package org.fwreplay.capture;

/** Whose framing reads classic pcap files. */
public enum ReaderKind {
  /** Our own. */
  OWN,
  /**
   * pkts.io, for the classic magics; the modified one and pcapng, which it cannot read, stay with
   * our own.
   */
  PKTS
}
