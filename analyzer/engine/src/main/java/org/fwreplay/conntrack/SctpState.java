package org.fwreplay.conntrack;

/** What connection tracking remembers of an SCTP association: {@code struct ip_ct_sctp}. */
final class SctpState {
  /** {@link SctpTracker#NONE} and so on. */
  int state;

  /** The verification tag expected in each direction. */
  final int[] tag = new int[2];

  final int[] init = new int[2];
  int flags;
  int lastDirection;
}
