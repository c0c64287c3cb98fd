package org.fwreplay.report.ci;

import java.io.PrintWriter;
import java.util.List;

/** Findings as the commands that GitHub Actions reads from a step's output. */
public final class GitHubAnnotations {
  private GitHubAnnotations() {}

  /** Prints a line a finding. */
  public static void print(List<Finding> findings, PrintWriter out) {
    for (Finding each : findings) {
      out.print(each.error() ? "::error " : "::warning ");
      out.print("file=" + property(each.file()));
      out.print(",line=" + Math.max(1, each.line()));
      out.print(",col=" + Math.max(1, each.column()));
      out.print(",title=" + property(each.title()));
      out.print("::" + data(each.message()) + "\n");
    }
    out.flush();
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
