package org.fwreplay.report.info;

import java.io.PrintWriter;
import org.fwreplay.report.Printable;
import org.fwreplay.report.flow.Timestamps;

/** What captures hold, for the terminal. */
public final class InfoText {
  private static final double SECOND_NS = 1e9;
  private static final int COMMENTS = 10;

  private final CaptureInfo info;
  private final PrintWriter out;

  private InfoText(CaptureInfo info, PrintWriter out) {
    this.info = info;
    this.out = out;
  }

  /** Prints one capture's paragraph. */
  public static void print(CaptureInfo info, PrintWriter out) {
    new InfoText(info, out).print();
    out.flush();
  }

  private void line(String format, Object... values) {
    out.print(Printable.format(format, values));
    out.print('\n');
  }

  private void print() {
    line("%s", info.file());
    line("  format      %s", info.format());
    line("  packets     %,d, %,d bytes%s", info.packets(), info.bytes(), remarks());
    if (info.packets() > info.untimed()) {
      double seconds = (info.lastNs() - info.firstNs()) / SECOND_NS;
      line(
          "  time        %s to %s, %,.3f s",
          Timestamps.iso(info.firstNs()), Timestamps.iso(info.lastNs()), seconds);
    }
    info.interfaces().forEach(this::printInterface);
    String label = "protocols";
    for (CaptureInfo.Protocol each : info.protocols()) {
      line("  %-11s %-28s %,12d %,16d bytes", label, each.name(), each.packets(), each.bytes());
      label = "";
    }
    hosts();
    comments();
    if (info.problem() != null) {
      line("  problem     byte %d: %s", info.problem().byteOffset(), info.problem().message());
    }
  }

  private String remarks() {
    StringBuilder text = new StringBuilder();
    remark(text, info.cut(), "cut by the snap length");
    remark(text, info.untimed(), "without a time");
    remark(text, info.backwards(), "earlier than the one before");
    return text.toString();
  }

  private static void remark(StringBuilder text, long packets, String what) {
    if (packets > 0) {
      text.append(Printable.format("; %,d %s", packets, what));
    }
  }

  private void printInterface(CaptureInfo.Interface each) {
    line(
        "  interface   %d%s: %s, %s, %,d %s%s",
        each.id(),
        each.name() == null ? "" : " " + each.name(),
        each.linkType(),
        each.snapLength() == 0
            ? "no snap length"
            : "snap length " + Integer.toUnsignedString(each.snapLength()),
        each.packets(),
        each.packets() == 1 ? "packet" : "packets",
        each.description() == null ? "" : " (" + each.description() + ")");
  }

  private void hosts() {
    String label = "hosts";
    int width = info.hosts().stream().mapToInt(host -> host.address().length()).max().orElse(1);
    String format = "  %-11s %-" + Math.max(28, width) + "s %,12d sent %,12d received";
    for (CaptureInfo.Host host : info.hosts()) {
      line(format, label, host.address(), host.sent(), host.received());
      label = "";
    }
    long more = info.hostCount() - info.hosts().size();
    if (more > 0) {
      line("  %-11s and %,d more", "", more);
    }
  }

  private void comments() {
    String label = "comments";
    for (CaptureInfo.Comment comment :
        info.comments().subList(0, Math.min(COMMENTS, info.comments().size()))) {
      line("  %-11s frame %,d: %s", label, comment.frame(), comment.text().replace("\n", "; "));
      label = "";
    }
    if (info.commentCount() > COMMENTS) {
      line("  %-11s and %,d more", "", info.commentCount() - COMMENTS);
    }
  }
}
