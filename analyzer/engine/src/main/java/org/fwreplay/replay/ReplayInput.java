package org.fwreplay.replay;

import java.nio.file.Path;

/**
 * A capture and where its frames are fed in.
 *
 * @param capture the file, {@code -} for standard input
 * @param interfaceName the interface at which the frames arrive; null to go by the capture's own
 *     interface names, or by the side that an address is on
 * @param local whether these are packets that the host itself sends
 * @param bothWays whether the capture also holds what left, which is compared and not fed in
 */
public record ReplayInput(Path capture, String interfaceName, boolean local, boolean bothWays) {
  /** Frames that arrive at an interface ({@code --in IFACE=FILE}). */
  public static ReplayInput at(String interfaceName, Path capture) {
    return new ReplayInput(capture, interfaceName, false, false);
  }

  /** Packets of the host itself ({@code --local FILE}). */
  public static ReplayInput ofHost(Path capture) {
    return new ReplayInput(capture, null, true, false);
  }

  /** A capture made at one point ({@code CAPTURE...}). */
  public static ReplayInput somewhere(Path capture) {
    return new ReplayInput(capture, null, false, true);
  }

  /** A capture made at an interface, both directions mixed ({@code --vantage IFACE}). */
  public static ReplayInput vantage(String interfaceName, Path capture) {
    return new ReplayInput(capture, interfaceName, false, true);
  }
}
