package org.fwreplay.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.PacketBuilder;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;

/**
 * A capture as long as one likes, written to a program's standard input: what it takes a second and
 * how much memory it holds, twenty times on the way. UDP datagrams of 100 bytes, 100,000 a second
 * of the capture's clock; each flow has its share of the packets, a few thousand go on side by
 * side, and one that is done is never seen again.
 *
 * <pre>java -cp benchmarks.jar org.fwreplay.bench.Soak PACKETS FLOWS COMMAND [ARGUMENT...]</pre>
 */
public final class Soak {
  private static final int AT_A_TIME = 20_000;
  private static final int LINES = 20;
  private static final long STEP_NS = 10_000;
  private static final int RECORD = 16;
  private static final int NETWORK = RECORD + 14;
  private static final int PAYLOAD = 58;
  private static final int LINK_ETHERNET = 1;

  private final long packets;
  private final long flows;
  private final byte[] record = record();
  private final SplittableRandom random = new SplittableRandom(7);
  private final long[] open = new long[AT_A_TIME];
  private final int[] left = new int[AT_A_TIME];
  private long begun;

  private Soak(long packets, long flows) {
    this.packets = packets;
    this.flows = flows;
    for (int at = 0; at < AT_A_TIME; at++) {
      begin(at);
      left[at] = 1 + random.nextInt(left[at]); // else all would end at once
    }
  }

  /** Runs it; the exit code is the program's. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length < 3) {
      System.err.println("usage: Soak PACKETS FLOWS COMMAND [ARGUMENT...]");
      System.exit(2);
    }
    List<String> command = Arrays.asList(arguments).subList(2, arguments.length);
    Process program =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.INHERIT)
            .start();
    try {
      new Soak(Long.parseLong(arguments[0]), Long.parseLong(arguments[1])).write(program);
    } catch (IOException e) {
      System.err.println("the program took no more: " + e.getMessage());
    }
    System.exit(program.waitFor());
  }

  private void write(Process program) throws IOException {
    System.out.printf("%12s %10s %12s %8s%n", "packets", "flows", "packets/s", "MiB");
    try (OutputStream out = new BufferedOutputStream(program.getOutputStream(), 1 << 16)) {
      out.write(fileHeader());
      long since = System.nanoTime();
      long every = Math.max(1, packets / LINES);
      for (long n = 0; n < packets; n++) {
        next(n);
        out.write(record);
        if ((n + 1) % every == 0) {
          long now = System.nanoTime();
          say(n + 1, every * 1e9 / (now - since), memory(program));
          since = now;
        }
      }
    }
  }

  private void say(long written, double rate, long mib) {
    System.out.printf(Locale.ROOT, "%12d %10d %12.0f %8d%n", written, begun, rate, mib);
  }

  /** The program's memory in MiB, all that is its own; -1 where the system does not tell. */
  private static long memory(Process program) throws IOException {
    Path status = Path.of("/proc", Long.toString(program.pid()), "status");
    if (!Files.isReadable(status)) {
      return -1;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
      }
    }
    return -1;
  }

  private void begin(int at) {
    open[at] = begun++;
    left[at] = (int) Math.max(1, packets / flows);
  }

  private void next(long n) {
    int at = random.nextInt(AT_A_TIME);
    if (left[at] == 0) {
      begin(at);
    }
    left[at]--;
    address(open[at]);
    long ns = n * STEP_NS;
    Bytes.put32(record, 0, Integer.reverseBytes((int) (1_700_000_000 + ns / 1_000_000_000)));
    Bytes.put32(record, 4, Integer.reverseBytes((int) (ns % 1_000_000_000 / 1_000)));
  }

  /** Writes the flow's source port and destination; the IP checksum follows, UDP's stays out. */
  private void address(long flow) {
    Bytes.put32(record, NETWORK + 16, 0x0800_0000 + (int) (flow & 0xff_ffff));
    Bytes.put16(record, NETWORK + 20, 1024 + (int) (flow >> 24) + (int) (flow % 40_000));
    Bytes.put16(record, NETWORK + 10, 0);
    int sum = 0;
    for (int i = 0; i < 20; i += 2) {
      sum += Bytes.u16(record, NETWORK + i);
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    Bytes.put16(record, NETWORK + 10, ~sum & 0xffff);
  }

  private static byte[] record() {
    Packet p = new Packet();
    int length = Udp.LENGTH + PAYLOAD;
    PacketBuilder.ipv4(p, 0, 1, false, 64, Protocols.UDP, 0xc0a8010aL, 0x08000000L, length);
    byte[] made = new byte[NETWORK + 20 + length];
    System.arraycopy(p.buffer, p.network, made, NETWORK, 20 + length);
    Bytes.put16(made, NETWORK + 22, 2000);
    Bytes.put16(made, NETWORK + 20 + Udp.UDP_LENGTH, length);
    ByteBuffer head = ByteBuffer.wrap(made).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(8, made.length - RECORD).putInt(12, made.length - RECORD);
    Bytes.put32(made, RECORD, 0x02000000);
    Bytes.put16(made, RECORD + 4, 0x0101);
    Bytes.put32(made, RECORD + 6, 0x02000000);
    Bytes.put16(made, RECORD + 10, 0x0110);
    Bytes.put16(made, RECORD + 12, 0x0800);
    return made;
  }

  private static byte[] fileHeader() {
    ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putLong(0);
    return header.putInt(65535).putInt(LINK_ETHERNET).array();
  }
}
