package org.fwreplay.report.explain;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.diagnostic.SourcePosition;

/** Something that happened to a packet on its way. */
public sealed interface Step {
  /** A walk through a table; interfaces as rules see them, the verdict as netfilter calls it. */
  final class Walk implements Step {
    final String hook;
    final String table;
    final String in;
    final String out;
    final List<RuleStep> rules = new ArrayList<>();
    String verdict;

    Walk(String hook, String table, String in, String out) {
      this.hook = hook;
      this.table = table;
      this.in = in;
      this.out = out;
    }
  }

  /** A rule that was asked, or the end of a chain that was reached. */
  final class RuleStep {
    /** As reports call it: {@code ipv4/filter/FORWARD/3}. */
    final String id;

    final String chain;

    /** From 1; 0 for the end of the chain. */
    final int number;

    /** How many jumps are open. */
    final int depth;

    /** Null for the end of a chain. */
    final SourcePosition position;

    final String text;

    /** Whether the packet was taken. */
    final boolean hit;

    /** The rule's first words that were not true, and what the packet has there; or empty. */
    final String asked;

    final String seen;

    /** What the target changed of the packet or its connection, and what it logged. */
    final List<String> effects = new ArrayList<>();

    boolean decided;

    RuleStep(
        String id,
        String chain,
        int number,
        int depth,
        SourcePosition position,
        String text,
        boolean hit,
        String asked,
        String seen) {
      this.id = id;
      this.chain = chain;
      this.number = number;
      this.depth = depth;
      this.position = position;
      this.text = text;
      this.hit = hit;
      this.asked = asked;
      this.seen = seen;
    }
  }

  /**
   * Connection tracking.
   *
   * @param state NEW, ESTABLISHED...
   * @param original addresses and ports of the connection, or empty without one
   * @param reply those of answers
   */
  record Tracking(
      String hook,
      String state,
      String original,
      String reply,
      String protocolState,
      int mark,
      String helper)
      implements Step {}

  /** NAT looked at the packet; {@code before} and {@code after} are the same where it let it be. */
  record Translation(String hook, String before, String after) implements Step {}

  /**
   * A routing decision.
   *
   * @param gateway the next hop, or empty where the destination is on the link
   */
  record Routing(String decision, String out, String gateway, int mtu) implements Step {}

  /** A frame that left. */
  record Left(String out, String packet, int bytes) implements Step {}
}
