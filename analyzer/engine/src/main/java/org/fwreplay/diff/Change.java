package org.fwreplay.diff;

/** How the fate of a connection differs, the gravest first. */
public enum Change {
  NEWLY_BLOCKED("newly-blocked", "passed, and does not any more"),
  NEWLY_ALLOWED("newly-allowed", "did not pass, and does now"),
  REJECTED_DIFFERENTLY("rejected-differently", "is turned away in another way"),
  ROUTED_DIFFERENTLY("routed-differently", "goes elsewhere"),
  NAT_CHANGED("nat-changed", "is translated differently"),
  MARKED_DIFFERENTLY("marked-differently", "is marked, logged or changed differently"),
  OTHER_RULE("other-rule", "has the same fate by another rule");

  private final String key;
  private final String text;

  Change(String key, String text) {
    this.key = key;
    this.text = text;
  }

  /** As {@code --fail-on} and files name it. */
  public String key() {
    return key;
  }

  /** What a connection does, in words. */
  public String text() {
    return text;
  }

  /** What differs between two outcomes of one frame; null where nothing does. */
  static Change between(FrameState old, FrameState now) {
    if (old.fate == null || now.fate == null) {
      return null; // Never sent: a consequence of what differed before.
    }
    if (old.wholeHash() == now.wholeHash()) {
      return old.slot == now.slot ? null : OTHER_RULE;
    }
    boolean passed = old.fate.passed();
    if (passed != now.fate.passed()) {
      return passed ? NEWLY_BLOCKED : NEWLY_ALLOWED;
    }
    if (!passed) {
      boolean sameWay = old.shownFate() == now.shownFate() && old.answer.equals(now.answer);
      return sameWay ? MARKED_DIFFERENTLY : REJECTED_DIFFERENTLY;
    }
    if (old.wayHash() != now.wayHash()) {
      return ROUTED_DIFFERENTLY;
    }
    return old.endsHash() == now.endsHash() ? MARKED_DIFFERENTLY : NAT_CHANGED;
  }
}
