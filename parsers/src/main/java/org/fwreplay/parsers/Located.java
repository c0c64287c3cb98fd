package org.fwreplay.parsers;

/**
 * A piece of text and where it stands, so that it can be replaced in its place.
 *
 * @param text as ISO-8859-1, folded lines joined by one space
 * @param offset its first octet, counted from the start of the buffer it was read from
 * @param length in octets as it stands there, folding included
 */
public record Located(String text, int offset, int length) {
  @Override
  public String toString() {
    return text;
  }
}
