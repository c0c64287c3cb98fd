package org.fwreplay.region;

import java.util.ArrayList;
import java.util.List;

/**
 * The packets that a rule's conditions leave, as a union of boxes.
 *
 * @param boxes hold every packet that can match; none where nothing can
 * @param isExact whether every packet in them does match; otherwise something that is not modelled
 *     or that remembers other packets has its say too
 */
public record Region(List<Box> boxes, boolean isExact) {
  /** All packets. */
  public static final Region ALL = new Region(List.of(Box.ALL), true);

  /** No packet. */
  public static final Region NONE = new Region(List.of(), true);

  /** Any packets, one cannot tell which. */
  public static final Region UNKNOWN = new Region(List.of(Box.ALL), false);

  /** More boxes than this are not kept: the region is widened. */
  private static final int MAX_BOXES = 32;

  public Region {
    boxes = List.copyOf(boxes);
  }

  /** Exactly the packets of a box; null stands for none. */
  static Region of(Box box) {
    return box == null ? NONE : new Region(List.of(box), true);
  }

  /** Whether no packet can match. */
  public boolean isEmpty() {
    return boxes.isEmpty();
  }

  /** The packets that both leave. */
  public Region and(Region other) {
    if (boxes.size() * other.boxes.size() > MAX_BOXES) {
      return new Region(boxes.size() <= other.boxes.size() ? boxes : other.boxes, false);
    }
    return new Region(and(boxes, other.boxes), isExact && other.isExact);
  }

  /** The boxes that each two of them have in common. */
  public static List<Box> and(List<Box> some, List<Box> others) {
    List<Box> common = new ArrayList<>(some.size());
    for (Box a : some) {
      for (Box b : others) {
        Box both = a.and(b);
        if (both != null) {
          common.add(both);
        }
      }
    }
    return common;
  }
}
