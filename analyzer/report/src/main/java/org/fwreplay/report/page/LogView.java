package org.fwreplay.report.page;

import java.util.List;
import org.fwreplay.report.LogLines;
import org.fwreplay.report.ReplayResult;

/** What LOG and NFLOG wrote. */
public record LogView(List<Line> rows, String count, String more) {
  private static final int MAX_ROWS = 200;

  /** A line of it. */
  public record Line(String at, String frame, Page.Reference rule, String text) {}

  static LogView of(ReplayResult result, References references) {
    LogLines log = result.log();
    List<Line> rows =
        log.lines().stream()
            .limit(MAX_ROWS)
            .map(
                line ->
                    new Line(
                        Format.seconds(line.timeNs() - result.firstNs()),
                        Format.count(line.frame()),
                        references.get(line.rule()),
                        line.text()))
            .toList();
    return new LogView(rows, Format.count(log.size()), Format.more(log.size() - rows.size()));
  }
}
