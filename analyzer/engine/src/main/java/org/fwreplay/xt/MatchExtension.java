package org.fwreplay.xt;

/** A match extension: the half of libxtables and the half of the kernel in one place. */
public interface MatchExtension extends Extension {
  /**
   * Makes the match from its options. What is wrong is reported by throwing {@link OptionException}
   * (the accessors of {@link Arguments} and {@link Argument} throw it themselves).
   */
  PacketMatch parse(Arguments arguments);
}
