package org.fwreplay.xt;

/** What a target says of a packet. Non-negative values are netfilter's own verdicts. */
public final class Verdict {
  public static final int DROP = 0;
  public static final int ACCEPT = 1;

  /** The target took the packet away; nothing more happens with it. */
  public static final int STOLEN = 2;

  public static final int QUEUE = 3;

  /** Goes on with the next rule ({@code XT_CONTINUE}). */
  public static final int CONTINUE = -1;

  /** Back to the calling chain ({@code XT_RETURN}). */
  public static final int RETURN = -5;

  private Verdict() {}
}
