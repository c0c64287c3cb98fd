package org.fwreplay.xt;

/** A target extension: the half of libxtables and the half of the kernel in one place. */
public interface TargetExtension extends Extension {
  /** Makes the target from its options; see {@link MatchExtension#parse}. */
  PacketTarget parse(Arguments arguments);
}
