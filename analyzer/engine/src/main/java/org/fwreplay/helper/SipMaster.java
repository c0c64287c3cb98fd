package org.fwreplay.helper;

/** What the SIP helper remembers of a connection: {@code struct nf_ct_sip_master}. */
final class SipMaster {
  /** CSeq of the last REGISTER and INVITE; 32 bits. */
  long registerCseq;

  long inviteCseq;

  /** Where a phone wants its answers that sends from another port, 0 for none. */
  int forcedPort;
}
