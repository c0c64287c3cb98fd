package org.fwreplay.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;

/**
 * The FTP transfers of a run, as control connections ask for them and answer (RFC 959). Lines are
 * read from segments that passed, in order; those that are split over segments are not put
 * together.
 */
public final class FtpTransfers {
  private static final int FTP = 21;
  private static final int MAX_LINE = 512;
  private static final Set<String> COMMANDS =
      Set.of("RETR", "STOR", "STOU", "APPE", "LIST", "NLST", "MLSD");
  private static final Set<String> MODES = Set.of("PORT", "EPRT");

  private final int limit;
  private final List<Transfer> transfers = new ArrayList<>();
  private final Map<Long, Control> controls = new HashMap<>();
  private long leftOut;

  /** A file or list that was asked for. */
  public static final class Transfer {
    private final long flow;
    private final long frame;
    private final String command;
    private final String argument;
    private final String mode;
    private long data;
    private int status;

    private Transfer(long flow, long frame, String command, String argument, Control control) {
      this.flow = flow;
      this.frame = frame;
      this.command = command;
      this.argument = argument;
      mode = control.mode;
      data = control.waiting;
    }

    /** The flow of the control connection. */
    public long flow() {
      return flow;
    }

    /** The frame that asked, from 0. */
    public long frame() {
      return frame;
    }

    /** RETR, STOR, LIST or the like. */
    public String command() {
      return command;
    }

    /** What follows it, usually a file's name. */
    public String argument() {
      return argument;
    }

    /** How the data connection was announced: PORT, EPRT, PASV, EPSV, or null. */
    public String mode() {
      return mode;
    }

    /** The flow of the data connection, as far as a helper expected it; 0 for none. */
    public long data() {
      return data;
    }

    /** The last reply, such as 226; 0 for none. */
    public int status() {
      return status;
    }
  }

  /** A control connection. */
  private static final class Control {
    private final int[] next = new int[2];
    private final boolean[] begun = new boolean[2];
    private String mode;

    /** A data connection that came before its command. */
    private long waiting;

    private Transfer current;
  }

  FtpTransfers(int limit) {
    this.limit = limit;
  }

  /**
   * Looks into a packet whose way ended.
   *
   * @param flow its flow
   */
  void ended(Packet p, Fate fate, long frame, long flow) {
    Connection ct = Connection.of(p);
    if (ct == null
        || !fate.passed()
        || p.protocol != Protocols.TCP
        || p.fragmentOffset != 0
        || p.transport + Tcp.MIN_LENGTH > p.end
        || !ct.hasHelper("ftp") && ct.original.destinationPort != FTP) {
      return;
    }
    int payload = p.transport + (p.u8(p.transport + Tcp.DATA_OFFSET) >> 4) * 4;
    if (payload < p.end) {
      Control control = controls.computeIfAbsent(flow, f -> new Control());
      int direction = CtInfo.direction(p.trackInfo);
      if (isNew(control, p, payload, direction)) {
        lines(control, p, payload, direction, frame, flow);
      }
    }
  }

  /** Whether the segment is no repetition. */
  private static boolean isNew(Control control, Packet p, int payload, int direction) {
    int sequence = Bytes.i32(p.buffer, p.transport + Tcp.SEQUENCE);
    if (control.begun[direction] && sequence - control.next[direction] < 0) {
      return false;
    }
    control.begun[direction] = true;
    control.next[direction] = sequence + p.end - payload;
    return true;
  }

  private void lines(Control control, Packet p, int payload, int direction, long frame, long flow) {
    int length = Math.min(p.end - payload, MAX_LINE * 4);
    String text = new String(p.buffer, payload, length, StandardCharsets.ISO_8859_1);
    for (String line : text.split("\r?\n")) {
      if (direction == Connection.ORIGINAL) {
        asked(control, line, frame, flow);
      } else {
        answered(control, line);
      }
    }
  }

  private void asked(Control control, String line, long frame, long flow) {
    int space = line.indexOf(' ');
    String command = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
    if (MODES.contains(command)) {
      control.mode = command;
    } else if (COMMANDS.contains(command)) {
      String argument = space < 0 ? "" : line.substring(space + 1);
      control.current = new Transfer(flow, frame, command, Printable.of(argument), control);
      control.waiting = 0;
      if (transfers.size() < limit) {
        transfers.add(control.current);
      } else {
        leftOut++;
      }
    }
  }

  private static void answered(Control control, String line) {
    if (!line.matches("[1-5]\\d\\d( .*)?")) {
      return;
    }
    int code = Integer.parseInt(line.substring(0, 3));
    if (code == 227 || code == 229) {
      control.mode = code == 227 ? "PASV" : "EPSV";
    } else if (control.current != null) {
      control.current.status = code;
      if (code >= 200) {
        control.current = null;
        control.mode = null;
      }
    }
  }

  /** A data connection of a control connection is here. */
  void data(long flow, long dataFlow) {
    Control control = controls.get(flow);
    if (control == null) {
      return;
    }
    if (control.current != null && control.current.data == 0) {
      control.current.data = dataFlow;
    } else {
      control.waiting = dataFlow;
    }
  }

  /** The transfers, in the order they were asked for. */
  public List<Transfer> transfers() {
    return transfers;
  }

  /** How many were not kept. */
  public long leftOut() {
    return leftOut;
  }
}
