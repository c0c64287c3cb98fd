package org.fwreplay.host;

import java.util.List;

/**
 * A network interface of the host.
 *
 * @param id place in {@link Host#interfaces()}, the number used everywhere in the engine
 * @param ifindex the kernel's number
 * @param name name, as rules know it
 * @param mac hardware address, 48 bits, -1 when there is none
 * @param mtu in bytes
 * @param ethernet whether frames have an Ethernet header
 * @param up whether it is administratively up
 * @param loopback whether it is a loopback interface
 * @param pointToPoint whether it has exactly one other end
 * @param noArp whether neighbours are never asked for
 * @param multicast whether it can send and receive multicast
 * @param kind what the kernel calls it ({@code vlan}, {@code bridge}, {@code veth}, ...), empty
 *     when unknown
 * @param link for a VLAN or other upper interface the name of the one below, else empty
 * @param master bridge, bond or VRF it belongs to, else empty
 * @param vlanId VLAN id of a VLAN interface, else -1
 * @param group device group, as {@code -m devgroup} asks for; -1 when it has a name that is not
 *     known here
 * @param addresses in the kernel's order
 */
public record NetInterface(
    int id,
    int ifindex,
    String name,
    long mac,
    int mtu,
    boolean ethernet,
    boolean up,
    boolean loopback,
    boolean pointToPoint,
    boolean noArp,
    boolean multicast,
    String kind,
    String link,
    String master,
    int vlanId,
    int group,
    List<InterfaceAddress> addresses) {

  public NetInterface {
    addresses = List.copyOf(addresses);
  }

  /**
   * An ordinary Ethernet interface that is up, or the loopback interface for the name {@code lo}.
   */
  public static NetInterface ordinary(
      int id, String name, long mac, int mtu, List<InterfaceAddress> addresses) {
    boolean lo = name.equals("lo");
    return new NetInterface(
        id, id + 1, name, mac, mtu, !lo, true, lo, false, false, !lo, "", "", "", -1, 0, addresses);
  }

  boolean hasAddresses4() {
    for (int i = 0; i < addresses.size(); i++) {
      if (!addresses.get(i).six()) {
        return true;
      }
    }
    return false;
  }

  /** The same with another MTU. */
  NetInterface withMtu(int bytes) {
    return new NetInterface(
        id,
        ifindex,
        name,
        mac,
        bytes,
        ethernet,
        up,
        loopback,
        pointToPoint,
        noArp,
        multicast,
        kind,
        link,
        master,
        vlanId,
        group,
        addresses);
  }
}
