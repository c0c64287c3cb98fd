package org.fwreplay.report.export;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.capture.LinkLayer;
import org.fwreplay.capture.PcapWriter;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.ExpectationEnd;
import org.fwreplay.host.Host;
import org.fwreplay.host.NetInterface;
import org.fwreplay.packet.Packet;
import org.fwreplay.replay.ReplayListener;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogFormat;
import org.fwreplay.xt.LogRequest;

/**
 * {@code --export DIR}: {@code out.IFACE.pcap}, {@code rules.v4}, {@code rules.v6}, {@code
 * conntrack.txt}, {@code expect.txt} (IPv4, as {@code conntrack -L expect}), {@code expect6.txt},
 * {@code events.txt}, {@code expect-events.txt}, {@code log.txt}, {@code ipset.save}. Files appear
 * whole, at {@link #finish}, or not at all. The lists of connections and expectations, with the
 * seconds they have left, are as of half a second behind the last frame.
 */
public final class KernelExport implements ReplayListener, Closeable {
  /**
   * The lists are as somebody reads them who waits for the last frame, ends the capture and asks:
   * half a second behind that frame.
   */
  private static final long ASKED_AFTER_NS = 550_000_000L;

  private final Path dir;
  private final List<NetInterface> interfaces;
  private final Map<Integer, PcapWriter> out = new HashMap<>();
  private final TextFile events;
  private final TextFile expectEvents;
  private final TextFile log;
  private final StringBuilder line = new StringBuilder();
  private final List<TextFile> texts = new ArrayList<>();
  private long nowNs;

  /** A text that is written beside its place and moved there when all is well. */
  private static final class TextFile {
    final Path target;
    final Path temporary;
    final BufferedWriter writer;

    TextFile(Path target) throws IOException {
      this.target = target;
      this.temporary =
          Files.createTempFile(target.getParent(), target.getFileName().toString(), "");
      this.writer = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8);
    }
  }

  /**
   * Starts an export.
   *
   * @param dir made if it is not there
   */
  public KernelExport(Path dir, Host host) throws IOException {
    this.dir = Files.createDirectories(dir);
    this.interfaces = host.interfaces();
    events = text("events.txt");
    expectEvents = text("expect-events.txt");
    log = text("log.txt");
    for (NetInterface each : interfaces) {
      if (!each.loopback()) {
        int link = each.ethernet() ? LinkLayer.ETHERNET : LinkLayer.RAW;
        out.put(each.id(), new PcapWriter(dir.resolve("out." + each.name() + ".pcap"), link));
      }
    }
  }

  private TextFile text(String name) throws IOException {
    TextFile file = new TextFile(dir.resolve(name));
    texts.add(file);
    return file;
  }

  @Override
  public void frame(Packet packet) {
    nowNs = packet.timeNs;
  }

  @Override
  public boolean wantsFrames() {
    return true;
  }

  @Override
  public void left(Packet p) {
    int start = p.mac >= 0 ? p.mac : p.network;
    try {
      out.get(p.out).write(p.timeNs, p.buffer, start, p.end - start);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void logged(Packet packet, Evaluation evaluation, LogRequest request) {
    line.setLength(0);
    LogFormat.append(line, packet, name(evaluation.in), name(evaluation.out), request);
    write(log);
  }

  private String name(int id) {
    return id < 0 ? "" : interfaces.get(id).name();
  }

  @Override
  public void created(Connection connection) {
    event(connection, "NEW");
  }

  @Override
  public void updated(Connection connection) {
    event(connection, "UPDATE");
  }

  @Override
  public void destroyed(Connection connection) {
    event(connection, "DESTROY");
  }

  @Override
  public void expected(Expectation expectation) {
    event(expectation, "    [NEW] ");
  }

  @Override
  public void expectationEnded(Expectation expectation, ExpectationEnd why) {
    event(expectation, "[DESTROY] ");
  }

  private void event(Expectation expectation, String kind) {
    timestamp();
    line.append(kind);
    ConntrackText.expectation(line, expectation, nowNs);
    write(expectEvents);
  }

  private void event(Connection connection, String kind) {
    if ((connection.events & connection.extension().eventMask) == 0) {
      return;
    }
    timestamp();
    ConntrackText.event(line, connection, nowNs, kind, true);
    write(events);
  }

  private void timestamp() {
    line.setLength(0);
    long micros = nowNs / 1000;
    line.append('[').append(micros / 1_000_000).append('.');
    String fraction = Long.toString(micros % 1_000_000);
    line.append("0".repeat(6 - fraction.length())).append(fraction).append("]\t");
  }

  private void write(TextFile file) {
    try {
      file.writer.append(line).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes what there is at the end of the run, and puts all files in their places. */
  public void finish(ReplayRun run) throws IOException {
    lists(run.conntrack(), nowNs + ASKED_AFTER_NS);
    rules("rules.v4", run.rules4());
    rules("rules.v6", run.rules6());
    if (run.ipchains() != null) {
      text("ipchains.txt").writer.write(String.join("\n", run.ipchains().counters()) + "\n");
    }
    if (!run.sets().names().isEmpty()) {
      text("ipset.save").writer.write(run.sets().save());
    }
    for (TextFile file : texts) {
      file.writer.close();
      Files.move(file.temporary, file.target, StandardCopyOption.REPLACE_EXISTING);
    }
    texts.clear();
    for (PcapWriter writer : out.values()) {
      writer.commit();
    }
  }

  private void lists(Conntrack table, long askedNs) throws IOException {
    TextFile conntrack = text("conntrack.txt");
    table.forEach(
        ct -> {
          if (ct.expiresNs > askedNs) {
            line.setLength(0);
            ConntrackText.line(line, ct, askedNs, table.accounting());
            write(conntrack);
          }
        });
    TextFile four = text("expect.txt");
    TextFile six = text("expect6.txt");
    table
        .expectations()
        .forEach(
            e -> {
              if (e.expiresNs > askedNs) {
                line.setLength(0);
                ConntrackText.expectation(line, e, askedNs);
                write(e.tuple.ipv6 ? six : four);
              }
            });
  }

  private void rules(String name, BoundRuleset rules) throws IOException {
    if (rules != null) {
      text(name).writer.write(rules.save());
    }
  }

  /** Removes what is not in its place. */
  @Override
  public void close() throws IOException {
    for (TextFile file : texts) {
      file.writer.close();
      Files.deleteIfExists(file.temporary);
    }
    for (PcapWriter writer : out.values()) {
      writer.close();
    }
  }
}
