package org.fwreplay.ipset;

/** What an element may carry beside itself, as it is added: what the kernel calls extensions. */
final class Extras {
  /** Not given. */
  static final long UNSET = -1;

  /** Seconds, or {@link #UNSET} for the set's own. */
  long timeout = UNSET;

  long packets = UNSET;
  long bytes = UNSET;
  String comment;
  int mark;
  int markMask;
  int priority;
  int queue;

  /** Whether the SET target adds, which leaves comments alone. */
  boolean target;
}
