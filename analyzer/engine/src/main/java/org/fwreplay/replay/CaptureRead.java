package org.fwreplay.replay;

/**
 * A capture after it was replayed.
 *
 * @param input where its frames were fed in
 * @param name as it was opened
 * @param format its file format in words
 * @param packets how many records were read of it
 */
public record CaptureRead(ReplayInput input, String name, String format, long packets) {}
