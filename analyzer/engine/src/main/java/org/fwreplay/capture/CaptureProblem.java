package org.fwreplay.capture;

/**
 * Why reading a capture stopped before its end.
 *
 * @param file name of the capture as it was opened
 * @param byteOffset where the damaged record begins, in the decompressed stream
 * @param message what was found and what was expected
 */
public record CaptureProblem(String file, long byteOffset, String message) {
  @Override
  public String toString() {
    return file + ": byte " + byteOffset + ": " + message;
  }
}
