package org.fwreplay.capture;

import java.util.List;

/** Says which of several captures' next records came first where their times alone do not tell. */
public interface MergeOrder {
  /** How far the clocks of captures may be apart, ns. */
  long withinNs();

  /**
   * Chooses.
   *
   * @param near the captures whose next records are within that time of the earliest, which is the
   *     first of them; two or more
   * @return index of the one whose record is next
   */
  int first(List<Upcoming> near);

  /** A record of one of several captures is handed out. */
  void taken(CaptureRecord record);
}
