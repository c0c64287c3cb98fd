package org.fwreplay.rule;

import org.fwreplay.xt.PacketMatch;

/** A match in a rule: {@code -m NAME} and its options. */
public record MatchUse(String name, PacketMatch match) {}
