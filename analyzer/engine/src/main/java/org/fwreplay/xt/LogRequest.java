package org.fwreplay.xt;

/**
 * What a LOG or NFLOG rule wants written.
 *
 * @param prefix the rule's prefix, may be empty
 * @param level syslog level of LOG; -1 for NFLOG
 * @param flags LOG's flags: 1 TCP sequence, 2 TCP options, 4 IP options, 8 UID, 32 MAC decode
 * @param group NFLOG's netlink group; -1 for LOG
 */
public record LogRequest(String prefix, int level, int flags, int group) {
  public static final int TCP_SEQUENCE = 1;
  public static final int TCP_OPTIONS = 2;
  public static final int IP_OPTIONS = 4;
  public static final int UID = 8;
  public static final int MAC_DECODE = 32;

  /** All that says more of the packet's headers and its owner: {@code NF_LOG_DEFAULT_MASK}. */
  public static final int ALL = TCP_SEQUENCE | TCP_OPTIONS | IP_OPTIONS | UID;
}
