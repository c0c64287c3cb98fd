package org.fwreplay.helper;

/**
 * What the H.323 helpers remember of a connection: {@code struct nf_ct_h323_master}. Ports are by
 * direction: as that side announced it, and as the other side was told.
 */
final class H323Master {
  /** {@code H323_RTP_CHANNEL_MAX}: audio, video, fax and another. */
  static final int CHANNELS = 4;

  /** Of H.245 and call signalling. */
  final int[] signalPort = new int[2];

  /** Of media streams. */
  final int[][] mediaPort = new int[CHANNELS][2];

  /** How long a registration lasts, in seconds; 32 bits. */
  int timeToLive;

  /** By direction: the payload that a TPKT header without one has announced, 0 for none. */
  final int[] announced = new int[2];
}
