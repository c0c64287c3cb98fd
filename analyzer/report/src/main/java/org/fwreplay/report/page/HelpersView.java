package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import org.fwreplay.report.FtpTransfers;
import org.fwreplay.report.HelperWork;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.SipDialogs;

/** What helpers did, and the calls and transfers that they serve. */
public record HelpersView(
    Part<Expected> expectations,
    Part<Rewritten> rewrites,
    Part<Transfer> transfers,
    Part<Dialog> dialogs) {
  private static final int MAX_ROWS = 500;

  /** A table, and what of it is not in the page. */
  public record Part<T>(List<T> rows, String more) {}

  /** An expectation. */
  public record Expected(
      String helper,
      String at,
      String frame,
      String master,
      String announcement,
      String waitsFor,
      String uses,
      String end) {}

  /** A part of a payload before and after. */
  public record Rewritten(
      String helper, String at, String frame, String flow, String before, String after) {}

  /** An FTP transfer. */
  public record Transfer(
      String what, String mode, String flow, String data, String status, String frame) {}

  /** A SIP call or registration. */
  public record Dialog(
      String kind, String from, String to, String requests, String responses, String media) {}

  /** Whether there is nothing to show. */
  public boolean isEmpty() {
    return expectations.rows.isEmpty()
        && rewrites.rows.isEmpty()
        && transfers.rows.isEmpty()
        && dialogs.rows.isEmpty();
  }

  static HelpersView of(ReplayResult result) {
    HelperWork work = result.helpers();
    long first = result.firstNs();
    return new HelpersView(
        part(work.expectations(), work.expectationsLeftOut(), life -> expected(life, first)),
        part(work.rewrites(), work.rewritesLeftOut(), rewrite -> rewritten(rewrite, first)),
        part(result.ftp().transfers(), result.ftp().leftOut(), HelpersView::transfer),
        part(result.sip().dialogs(), result.sip().leftOut(), HelpersView::dialog));
  }

  private static <T, R> Part<R> part(List<T> all, long leftOut, Function<T, R> row) {
    List<R> rows = all.stream().limit(MAX_ROWS).map(row).toList();
    return new Part<>(rows, Format.more(all.size() - rows.size() + leftOut));
  }

  private static String flow(long id) {
    return id == 0 ? "" : Format.count(id);
  }

  private static Expected expected(HelperWork.Life life, long first) {
    return new Expected(
        life.helper(),
        Format.seconds(life.startNs() - first),
        Format.count(life.frame()),
        flow(life.master()),
        life.announcement() == null ? "" : life.announcement(),
        life.protocol() + " " + life.source() + " → " + life.destination(),
        uses(life),
        end(life, first));
  }

  private static String uses(HelperWork.Life life) {
    if (life.useCount() == 0) {
      return "never";
    }
    List<String> uses = new ArrayList<>();
    for (HelperWork.Use use : life.uses()) {
      String by = use.flow() == 0 ? "dropped" : "connection " + flow(use.flow());
      uses.add(by + ", frame " + Format.count(use.frame()));
    }
    return String.join("; ", uses);
  }

  private static String end(HelperWork.Life life, long first) {
    return life.end() == null
        ? "still waited for"
        : life.end().text().replace('-', ' ') + " at " + Format.seconds(life.endNs() - first);
  }

  private static Rewritten rewritten(HelperWork.Rewrite rewrite, long first) {
    return new Rewritten(
        rewrite.helper(),
        Format.seconds(rewrite.timeNs() - first),
        Format.count(rewrite.frame()),
        flow(rewrite.flow()),
        rewrite.before(),
        rewrite.after());
  }

  private static Transfer transfer(FtpTransfers.Transfer transfer) {
    return new Transfer(
        (transfer.command() + " " + transfer.argument()).strip(),
        transfer.mode() == null ? "" : transfer.mode(),
        flow(transfer.flow()),
        flow(transfer.data()),
        transfer.status() == 0 ? "no reply" : Integer.toString(transfer.status()),
        Format.count(transfer.frame()));
  }

  private static Dialog dialog(SipDialogs.Dialog dialog) {
    return new Dialog(
        dialog.kind(),
        dialog.from(),
        dialog.to(),
        counts(dialog.requests()),
        counts(dialog.responses()),
        String.join(", ", dialog.media()));
  }

  private static String counts(Map<String, Integer> counts) {
    StringJoiner text = new StringJoiner(", ");
    counts.forEach((what, count) -> text.add(count == 1 ? what : what + " × " + count));
    return text.toString();
  }
}
