package org.fwreplay.xt.target;

import org.fwreplay.nat.NatRange;

/** A range of ports at an address that is known only with the packet; the last one made is kept. */
final class AddressedRange {
  private final NatRange ports;
  private NatRange last;

  AddressedRange(NatRange ports) {
    this.ports = ports;
  }

  NatRange at(long hi, long lo) {
    if (last == null || last.minLo() != lo || last.minHi() != hi) {
      last =
          new NatRange(
              ports.flags() | NatRange.MAP_ADDRESSES,
              hi,
              lo,
              hi,
              lo,
              ports.minPort(),
              ports.maxPort(),
              ports.basePort());
    }
    return last;
  }
}
