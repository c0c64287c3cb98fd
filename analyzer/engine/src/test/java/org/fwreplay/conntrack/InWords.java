package org.fwreplay.conntrack;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;

/** Lets packets pass connection tracking, and says in words what it thinks of them. */
final class InWords {
  private static final double SECOND_NS = 1e9;

  private InWords() {}

  /** Lets a packet come in and leave; its state as {@code --ctstate} names it, or DROP. */
  static String pass(Conntrack conntrack, Packet packet) {
    conntrack.advance(packet.timeNs);
    String state = "DROP";
    if (conntrack.in(packet, Hook.PREROUTING) == Conntrack.ACCEPT) {
      state = stateOf(packet);
      if (conntrack.confirm(packet) != Conntrack.ACCEPT) {
        state = "DROP";
      }
    }
    conntrack.endFrame(false);
    return state;
  }

  static String stateOf(Packet packet) {
    if (packet.tracked == null) {
      return packet.trackInfo == CtInfo.UNTRACKED ? "UNTRACKED" : "INVALID";
    }
    return switch (packet.trackInfo) {
      case CtInfo.NEW -> "NEW";
      case CtInfo.RELATED, CtInfo.RELATED_REPLY -> "RELATED";
      default -> "ESTABLISHED";
    };
  }

  /** The connections that there are: state, seconds left (rounded up), flags; or none. */
  static String connections(Conntrack conntrack) {
    List<String> all = new ArrayList<>();
    conntrack.forEach(ct -> all.add(describe(ct, conntrack.nowNs())));
    return all.isEmpty() ? "none" : String.join("; ", all);
  }

  private static String describe(Connection ct, long nowNs) {
    StringBuilder text = new StringBuilder();
    String state = ct.stateName();
    if (state != null) {
      text.append(state).append(' ');
    }
    text.append((long) Math.ceil((ct.expiresNs - nowNs) / SECOND_NS));
    if (!ct.is(Connection.SEEN_REPLY)) {
      text.append(" [UNREPLIED]");
    }
    if (ct.is(Connection.ASSURED)) {
      text.append(" [ASSURED]");
    }
    return text.toString();
  }
}
