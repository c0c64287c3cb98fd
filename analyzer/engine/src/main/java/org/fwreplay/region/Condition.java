package org.fwreplay.region;

import java.util.function.Supplier;

/**
 * One of the things that a rule asks.
 *
 * @param text gives it as written in rules
 * @param region the packets that it leaves
 */
public record Condition(Supplier<String> text, Region region) {}
