package org.fwreplay.conntrack;

/** Why a connection is no longer waited for. */
public enum ExpectationEnd {
  /** It is here, and only one was expected. */
  USED("used"),
  /** It did not come in time. */
  EXPIRED("expired"),
  /** The same was announced again. */
  REPLACED("replaced"),
  /** Its master expects too many: the oldest one goes. */
  EVICTED("evicted"),
  /** Its helper no longer wants it. */
  CALLED_OFF("called-off"),
  /** The connection whose helper expected it is gone. */
  MASTER_GONE("master-gone");

  private final String text;

  ExpectationEnd(String text) {
    this.text = text;
  }

  /** A word for it. */
  public String text() {
    return text;
  }
}
