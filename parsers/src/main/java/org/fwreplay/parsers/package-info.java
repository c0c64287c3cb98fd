/**
 * Application protocols, read with parsers that Kaitai generates from {@code src/main/ksy}.
 *
 * <p>The generated packages below this one trust their input; the classes here bound it and turn
 * every failure into a value.
 */
package org.fwreplay.parsers;
