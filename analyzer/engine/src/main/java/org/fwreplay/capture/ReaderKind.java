package org.fwreplay.capture;

import java.util.Locale;

/** Whose framing reads classic pcap files. */
public enum ReaderKind {
  /** Our own. */
  OWN,
  /**
   * pkts.io, for the classic magics; the modified one and pcapng, which it cannot read, stay with
   * our own.
   */
  PKTS;

  /** As in {@code --reader}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
