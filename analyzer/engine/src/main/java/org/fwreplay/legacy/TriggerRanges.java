package org.fwreplay.legacy;

/**
 * What a TRIGGER rule says of ports; 0 where it says nothing.
 *
 * @param protocol of the ports that are opened: TCP, UDP, or 0 for both
 */
public record TriggerRanges(
    int protocol, int matchLow, int matchHigh, int relateLow, int relateHigh) {}
