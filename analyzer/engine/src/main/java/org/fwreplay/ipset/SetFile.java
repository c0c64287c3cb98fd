package org.fwreplay.ipset;

import java.util.List;
import org.fwreplay.packet.Family;

/** Sets as a text made them: a value, of which every run takes sets of its own. */
public final class SetFile {
  /** No sets at all. */
  public static final SetFile EMPTY = new SetFile(new IpSets());

  private final IpSets made;

  SetFile(IpSets made) {
    this.made = made;
  }

  /** The sets' names, in the order in which they were made. */
  public List<String> names() {
    return made.names();
  }

  /** The only family that a set holds; null where it holds both, or is not there. */
  public Family family(String name) {
    IpSet set = made.find(name);
    return set == null ? null : set.family();
  }

  /** The same sets for a run, to be changed there. */
  public IpSets newSets() {
    return made.copy();
  }

  /** As {@code ipset save} prints them. */
  public String save() {
    return made.save();
  }
}
