package org.fwreplay.conntrack;

import java.util.Arrays;

/** Connections that are out of use, to be used again. */
final class ConnectionPool {
  private Connection[] free = new Connection[1024];
  private int count;
  private long nextId = 1;

  Connection take() {
    Connection ct = count > 0 ? free[--count] : new Connection();
    ct.id = nextId++;
    return ct;
  }

  void give(Connection ct) {
    ct.clear();
    if (count == free.length) {
      free = Arrays.copyOf(free, count * 2);
    }
    free[count++] = ct;
  }
}
