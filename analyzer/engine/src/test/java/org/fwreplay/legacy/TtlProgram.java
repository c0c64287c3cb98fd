package org.fwreplay.legacy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;

/** A program at a divert port: gives packets back with TTL 99, those to port 6666 not at all. */
public final class TtlProgram {
  private TtlProgram() {}

  /** The command that starts it. */
  public static String command() {
    return System.getProperty("java.home")
        + "/bin/java -Xshare:auto -cp target/test-classes "
        + TtlProgram.class.getName();
  }

  /** Answers until there is no more. */
  public static void main(String[] args) throws IOException {
    DataInputStream in = new DataInputStream(System.in);
    DataOutputStream out = new DataOutputStream(System.out);
    try {
      while (true) {
        byte[] packet = new byte[in.readInt()];
        in.readFully(packet);
        if ((packet[22] & 255) << 8 != (6666 & 0xff00) || (packet[23] & 255) != (6666 & 255)) {
          packet[8] = 99;
          out.writeInt(packet.length);
          out.write(packet);
        }
        out.writeInt(0);
        out.flush();
      }
    } catch (EOFException e) {
      out.flush();
    }
  }
}
