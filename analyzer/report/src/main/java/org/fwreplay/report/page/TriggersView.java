package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.legacy.Trigger;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.TriggerText;
import org.fwreplay.report.flow.RunNames;

/** The lives of port triggers, and the connections that came through them. */
public record TriggersView(List<Life> rows, String more) {
  private static final int MAX_ROWS = 200;
  private static final int MAX_CONNECTIONS = 20;

  /**
   * A trigger.
   *
   * @param connections how many came through it
   * @param through some of them
   */
  public record Life(
      String start,
      String frame,
      String setOffBy,
      String hosts,
      String opens,
      String refreshes,
      String end,
      String connections,
      List<String> through) {}

  static TriggersView of(ReplayResult result) {
    List<Trigger> triggers = result.triggers();
    List<Life> rows =
        triggers.stream().limit(MAX_ROWS).map(t -> life(t, result.firstNs())).toList();
    return new TriggersView(rows, Format.more(triggers.size() - rows.size()));
  }

  private static Life life(Trigger t, long startNs) {
    List<String> through = new ArrayList<>();
    t.connections().stream()
        .limit(MAX_CONNECTIONS)
        .forEach(each -> through.add(through(each, startNs)));
    if (t.connectionCount() > through.size()) {
      through.add(Format.more(t.connectionCount() - through.size()));
    }
    return new Life(
        Format.seconds(t.startNs() - startNs),
        Format.count(t.frame()),
        TriggerText.setOffBy(t),
        String.join(", ", t.hosts().stream().map(TriggerText::address).toList()),
        TriggerText.opens(t),
        Format.count(t.refreshes()),
        t.end() == null
            ? "still open"
            : TriggerText.end(t) + " at " + Format.seconds(t.endNs() - startNs),
        Format.count(t.connectionCount()),
        List.copyOf(through));
  }

  private static String through(Trigger.Through each, long startNs) {
    return Format.seconds(each.timeNs() - startNs)
        + ", frame "
        + Format.count(each.frame())
        + ": "
        + RunNames.protocol(each.protocol())
        + " "
        + TriggerText.address(each.source())
        + ":"
        + each.sourcePort()
        + " \u2192 port "
        + each.port()
        + " of "
        + TriggerText.address(each.inside());
  }
}
