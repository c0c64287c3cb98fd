package org.fwreplay.conntrack;

/** What a connection with a helper has more than others: {@code struct nf_conn_help}. */
public final class ConnectionHelp {
  /** {@code NF_CT_MAX_EXPECT_CLASSES}. */
  static final int CLASSES = 4;

  /** The helper; null once it was taken away. */
  public final ConntrackHelper helper;

  /** What the helper remembers of this connection; its own. */
  public Object data;

  /** The newest expectation, null for none; the others by {@link Expectation#next}. */
  Expectation expectations;

  /** How many of each class. */
  final int[] expecting = new int[CLASSES];

  /** By direction. */
  private final SequenceAdjustment[] adjustments = {
    new SequenceAdjustment(), new SequenceAdjustment()
  };

  ConnectionHelp(ConntrackHelper helper) {
    this.helper = helper;
  }

  /** The newest expectation, null for none. */
  public Expectation expectations() {
    return expectations;
  }

  SequenceAdjustment adjustment(int direction) {
    return adjustments[direction];
  }
}
