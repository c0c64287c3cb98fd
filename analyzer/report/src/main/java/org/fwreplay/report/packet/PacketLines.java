package org.fwreplay.report.packet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Locale;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.replay.ReplayListener;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.flow.RunNames;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;

/**
 * {@code --packets FILE}: each frame with its number and the seconds since the first, and indented
 * below it all that happened because of it.
 *
 * <pre>
 * 7 1.250 lan: udp 192.168.1.10:4000 &gt; 198.51.100.7:53 len 60
 *     log "dns: "
 *     wan: udp 203.0.113.2:4000 &gt; 198.51.100.7:53 len 60
 *     forwarded at FORWARD by ipv4/filter/FORWARD/2
 * </pre>
 */
public final class PacketLines implements ReplayListener {
  private static final double SECOND_NS = 1e9;

  private final Writer out;
  private final RunNames names;
  private final StringBuilder line = new StringBuilder();
  private long firstNs = -1;
  private Packet current;

  /** Lines about a run that has not started; the run still has to be told of it. */
  public PacketLines(Writer out, ReplayRun run) {
    this.out = out;
    names = new RunNames(run);
  }

  @Override
  public boolean wantsFrames() {
    return true;
  }

  @Override
  public void frame(Packet p) {
    current = p;
    firstNs = firstNs < 0 ? p.timeNs : firstNs;
    line.append(p.frame + 1);
    line.append(String.format(Locale.ROOT, " %.3f ", (p.timeNs - firstNs) / SECOND_NS));
  }

  @Override
  public void arrived(Packet p, boolean local) {
    line.append(local ? "(host)" : names.interfaceName(p.in)).append(": ");
    PacketWords.append(line, p);
    write();
  }

  @Override
  public void noted(Packet p, String what) {
    line.append("    ").append(what);
    write();
  }

  @Override
  public void logged(Packet p, Evaluation evaluation, LogRequest request) {
    line.append("    log \"").append(request.prefix()).append('"');
    write();
  }

  @Override
  public void left(Packet p) {
    line.append("    ").append(names.interfaceName(p.out)).append(": ");
    PacketWords.append(line, p);
    write();
  }

  @Override
  public void ended(Packet p, Fate fate, Hook hook, int rule) {
    if (fate == Fate.NOT_IP) {
      line.append("not IP");
      write();
      return;
    }
    line.append("    ");
    if (p != current) {
      PacketWords.append(line, p);
      line.append(": ");
    }
    line.append(fate.text());
    if (hook != null) {
      line.append(" at ").append(hook);
    }
    String by = names.place(p.ipv6, rule);
    if (by != null) {
      line.append(" by ").append(by);
    }
    write();
  }

  private void write() {
    try {
      out.append(line).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    line.setLength(0);
  }
}
