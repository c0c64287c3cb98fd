package org.fwreplay.capture;

/**
 * Why reading a capture stopped before its end.
 *
 * @param file name of the capture as it was opened
 * @param byteOffset where the damaged record begins, in the decompressed stream; {@link
 *     #NOT_OPENED} where nothing could be read
 * @param message what was found and what was expected
 */
public record CaptureProblem(String file, long byteOffset, String message) {
  /** The offset of a file that could not be opened. */
  public static final long NOT_OPENED = -1;

  @Override
  public String toString() {
    return file + (byteOffset == NOT_OPENED ? "" : ": byte " + byteOffset) + ": " + message;
  }
}
