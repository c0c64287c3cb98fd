package org.fwreplay.report;

import java.util.Locale;
import org.fwreplay.legacy.Trigger;
import org.fwreplay.packet.AddressText;
import org.fwreplay.report.flow.RunNames;

/** Port triggers in words. */
public final class TriggerText {
  private TriggerText() {}

  /** Protocol and ports of the packets that set it off. */
  public static String setOffBy(Trigger trigger) {
    return ports(trigger.matchProtocol(), trigger.matchLow(), trigger.matchHigh());
  }

  /** Protocol and ports that it opens. */
  public static String opens(Trigger trigger) {
    return ports(trigger.relateProtocol(), trigger.relateLow(), trigger.relateHigh());
  }

  private static String ports(int protocol, int low, int high) {
    String name = protocol == 0 ? "tcp+udp" : RunNames.protocol(protocol);
    return name + " " + (low == high ? low : low + "-" + high);
  }

  /** Why it ended. */
  public static String end(Trigger trigger) {
    return trigger.end().name().toLowerCase(Locale.ROOT);
  }

  /** An IPv4 address. */
  public static String address(long address) {
    return AddressText.of(false, 0, address);
  }
}
