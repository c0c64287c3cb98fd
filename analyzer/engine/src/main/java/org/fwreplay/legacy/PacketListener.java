package org.fwreplay.legacy;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** What listens at a divert port or at a queue of user space. */
@FunctionalInterface
public interface PacketListener extends Closeable {
  /** Nobody listens. */
  PacketListener NONE =
      new PacketListener() {
        @Override
        public boolean isThere() {
          return false;
        }

        @Override
        public List<byte[]> take(byte[] packet, long timeNs) {
          return List.of();
        }
      };

  /** Keeps whatever it gets. */
  PacketListener DROP = (packet, timeNs) -> List.of();

  /** Gives back whatever it gets. */
  PacketListener PASS = (packet, timeNs) -> List.of(packet);

  /** Whether anybody listens; a listener can die. */
  default boolean isThere() {
    return true;
  }

  /**
   * Takes an IP packet.
   *
   * @param timeNs the packet clock's time
   * @return what it gives back, nothing to let the packet end here; nothing, too, where it died of
   *     this packet
   */
  List<byte[]> take(byte[] packet, long timeNs);

  /** What went wrong with it, a sentence; empty for nothing. */
  default String problem() {
    return "";
  }

  /** The run is over: what it wrote gets its name. */
  default void finish() throws IOException {}

  /** Ends it; what {@link #finish} did not name is removed. */
  @Override
  default void close() throws IOException {}
}
