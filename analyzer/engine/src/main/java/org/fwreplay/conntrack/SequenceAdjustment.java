package org.fwreplay.conntrack;

/**
 * By how much one direction's sequence numbers are shifted because payload grew or shrank: {@code
 * struct nf_ct_seqadj}.
 */
final class SequenceAdjustment {
  /** Where the last change was. */
  private int position;

  private int before;
  private int after;

  /** The payload of the segment at {@code sequence} grew by {@code by} bytes. */
  void add(int sequence, int by) {
    if (before == after || position - sequence < 0) {
      position = sequence;
      before = after;
      after += by;
    }
  }

  /** The shift of a sequence number of this direction. */
  int offset(int sequence) {
    return position - sequence < 0 ? after : before;
  }

  /** The shift of an acknowledgment of this direction, which has been shifted already. */
  int acknowledged(int acknowledgment) {
    return offset(acknowledgment - before);
  }
}
