package org.fwreplay.xt.match;

import java.util.StringJoiner;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;

/** The states that {@code --ctstate} and {@code --state} speak of, as bits. xt_conntrack. */
final class CtState {
  /** In the order in which iptables-save lists them. */
  private enum Name {
    INVALID(1),
    NEW(1 << CtInfo.NEW + 1),
    RELATED(1 << CtInfo.RELATED + 1),
    ESTABLISHED(1 << CtInfo.ESTABLISHED + 1),
    UNTRACKED(1 << 4),
    SNAT(1 << 5),
    DNAT(1 << 6);

    private final int bit;

    Name(int bit) {
      this.bit = bit;
    }
  }

  private CtState() {}

  /**
   * A list of states, each by a name or by how a name begins.
   *
   * @param nat whether SNAT and DNAT are states too
   */
  static int parse(Argument argument, boolean nat) {
    int mask = 0;
    for (String word : argument.text().split(",", -1)) {
      mask |= bit(argument, word, nat);
    }
    return mask;
  }

  private static int bit(Argument argument, String word, boolean nat) {
    for (Name name : Name.values()) {
      if (!word.isEmpty()
          && name.name().regionMatches(true, 0, word, 0, word.length())
          && (nat || name.bit < Name.SNAT.bit)) {
        return name.bit;
      }
    }
    throw argument.fail(
        "--"
            + argument.option()
            + ": unknown state \""
            + word
            + "\" (INVALID, NEW, RELATED, ESTABLISHED, UNTRACKED"
            + (nat ? ", SNAT, DNAT)" : ")"));
  }

  /** The list of states of a mask. */
  static String text(int mask) {
    StringJoiner list = new StringJoiner(",");
    for (Name name : Name.values()) {
      if ((mask & name.bit) != 0) {
        list.add(name.name());
      }
    }
    return list.toString();
  }

  /** The bits that are true of a packet. */
  static int of(Packet packet) {
    Connection connection = Connection.of(packet);
    if (connection == null) {
      return packet.trackInfo == CtInfo.UNTRACKED ? Name.UNTRACKED.bit : Name.INVALID.bit;
    }
    int bits = 1 << packet.trackInfo % CtInfo.IS_REPLY + 1;
    if ((connection.status & Connection.SRC_NAT) != 0) {
      bits |= Name.SNAT.bit;
    }
    if ((connection.status & Connection.DST_NAT) != 0) {
      bits |= Name.DNAT.bit;
    }
    return bits;
  }
}
