package org.fwreplay.report.lint;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.fwreplay.diagnostic.Severity;
import org.fwreplay.lint.Finding;
import org.fwreplay.report.Printable;

/** Findings as compilers print them: one line each, and what they are about indented below. */
public final class LintText {
  /** More related places than this are counted only. */
  private static final int MAX_RELATED = 8;

  private LintText() {}

  /** Writes all, and how many there are of which severity. */
  public static void write(List<Finding> findings, PrintWriter destination) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    for (Finding finding : findings) {
      out.println(Printable.of(finding.toString()));
      List<Finding.Related> related = finding.related();
      for (Finding.Related each : related.subList(0, Math.min(MAX_RELATED, related.size()))) {
        out.println(Printable.of("    " + each.position() + ": " + each.message()));
      }
      if (related.size() > MAX_RELATED) {
        out.println("    and " + (related.size() - MAX_RELATED) + " more");
      }
    }
    out.println(
        "errors: "
            + count(findings, Severity.ERROR)
            + ", warnings: "
            + count(findings, Severity.WARNING)
            + ", remarks: "
            + count(findings, Severity.INFO));
    destination.print(text);
    destination.flush();
  }

  private static long count(List<Finding> findings, Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }
}
