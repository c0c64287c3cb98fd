package org.fwreplay.helper;

/**
 * The headers and SDP lines that the SIP helper looks for: {@code ct_sip_hdrs}, {@code
 * ct_sdp_hdrs}.
 */
enum SipHeader {
  CSEQ("CSEQ", 0, null, Value.DIGITS),
  FROM("FROM", 'F', "SIP:", Value.URI),
  TO("TO", 'T', "SIP:", Value.URI),
  CONTACT("CONTACT", 'M', "SIP:", Value.URI),
  VIA_UDP("VIA", 'V', "UDP ", Value.ADDRESS),
  VIA_TCP("VIA", 'V', "TCP ", Value.ADDRESS),
  EXPIRES("EXPIRES", 0, null, Value.DIGITS),
  CONTENT_LENGTH("CONTENT-LENGTH", 'L', null, Value.DIGITS),
  SDP_VERSION("V=", 0, null, Value.DIGITS),
  SDP_OWNER("O=", 0, "IN IP4 ", Value.SDP_ADDRESS),
  SDP_CONNECTION("C=", 0, "IN IP4 ", Value.SDP_ADDRESS),
  SDP_MEDIA("M=", 0, null, Value.MEDIA);

  /** What is taken from a header, and what its length is. */
  enum Value {
    DIGITS,

    /** Address and port. */
    ADDRESS,

    /** Address and port, maybe behind a user and an at sign. */
    URI,
    SDP_ADDRESS,

    /** A word, a space and digits. */
    MEDIA
  }

  /** The name in upper case. */
  final byte[] name;

  /** The compact form in upper case, 0 for none. */
  final int compact;

  /** What must stand before the value, in upper case, or null; for IPv6 see {@link #before6}. */
  final byte[] before;

  final byte[] before6;
  final Value value;

  SipHeader(String name, int compact, String before, Value value) {
    this.name = NatHelper.bytes(name);
    this.compact = compact;
    this.before = before == null ? null : NatHelper.bytes(before);
    this.before6 = before == null ? null : NatHelper.bytes(before.replace("IP4", "IP6"));
    this.value = value;
  }
}
