package org.fwreplay.report;

import java.util.Locale;
import org.fwreplay.legacy.Trigger;
import org.fwreplay.packet.AddressText;
import org.fwreplay.report.flow.RunNames;

/** Port triggers in words. */
final class TriggerText {
  private TriggerText() {}

  /** Protocol and ports of the packets that set it off. */
  static String setOffBy(Trigger trigger) {
    return ports(trigger.matchProtocol(), trigger.matchLow(), trigger.matchHigh());
  }

  /** Protocol and ports that it opens. */
  static String opens(Trigger trigger) {
    return ports(trigger.relateProtocol(), trigger.relateLow(), trigger.relateHigh());
  }

  private static String ports(int protocol, int low, int high) {
    String name = protocol == 0 ? "tcp+udp" : RunNames.protocol(protocol);
    return name + " " + (low == high ? low : low + "-" + high);
  }

  /** Why it ended. */
  static String end(Trigger trigger) {
    return trigger.end().name().toLowerCase(Locale.ROOT);
  }

  static String address(long address) {
    return AddressText.of(false, 0, address);
  }
}
