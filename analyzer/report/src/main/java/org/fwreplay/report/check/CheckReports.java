package org.fwreplay.report.check;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.report.Printable;
import org.fwreplay.report.ci.Finding;
import org.fwreplay.report.ci.JUnitXml;

/** What became of expectations, for people and for CI services. */
public final class CheckReports {
  /** What the codes of findings mean. */
  public static final Map<String, String> CODES =
      Map.of("expectation", "An expectation of a fwreplay suite does not hold.");

  private CheckReports() {}

  /** Prints those that do not hold, and how many do. */
  public static void print(List<Checked> all, PrintWriter out) {
    for (Checked each : all) {
      if (!each.holds()) {
        String place = each.suite() + ":" + each.line() + ":" + each.column();
        out.print(Printable.of(place + ": failed: " + each.name()) + "\n");
        each.problems().forEach(problem -> out.print("  " + Printable.of(problem) + "\n"));
        for (Checked.Place rule : each.rules()) {
          String text = rule.file() + ":" + rule.line() + ": " + rule.text();
          out.print("    " + Printable.of(text) + "\n");
        }
      }
    }
    long good = all.stream().filter(Checked::holds).count();
    out.print(good + " of " + all.size() + " expectations hold\n");
    out.flush();
  }

  /** The failures as findings at the lines of the suites. */
  public static List<Finding> findings(List<Checked> all) {
    List<Finding> findings = new ArrayList<>();
    for (Checked each : all) {
      if (!each.holds()) {
        findings.add(
            new Finding(
                "expectation",
                true,
                each.name(),
                String.join("\n", each.problems()),
                each.suite(),
                each.line(),
                each.column(),
                each.rules().stream()
                    .map(r -> new Finding.Place(r.file(), r.line(), r.text()))
                    .toList()));
      }
    }
    return findings;
  }

  /** All as tests, by suite. */
  public static Map<String, List<JUnitXml.Test>> tests(List<Checked> all) {
    Map<String, List<JUnitXml.Test>> suites = new LinkedHashMap<>();
    for (Checked each : all) {
      suites
          .computeIfAbsent(each.suite(), key -> new ArrayList<>())
          .add(
              new JUnitXml.Test(
                  each.name(), each.suite(), each.line(), String.join("\n", each.problems())));
    }
    return suites;
  }
}
