package org.fwreplay.report;

import java.util.List;
import org.fwreplay.capture.CaptureProblem;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.host.NetInterface;
import org.fwreplay.legacy.Trigger;
import org.fwreplay.replay.CaptureRead;
import org.fwreplay.replay.Reality;
import org.fwreplay.report.flow.FlowStore;
import org.fwreplay.report.flow.RunNames;

/**
 * All that a run showed.
 *
 * @param setup what the command line said
 * @param firstNs time of the first frame, ns since the epoch; without meaning if there are none
 * @param lastNs time of the last one
 * @param assumptions what was taken for granted, a sentence each
 * @param problems what ended captures early
 * @param interfaces of the host
 * @param connections how many were confirmed
 * @param flows null where they were not asked for, as with dns, timeline, sip, helpers, ftp, log
 * @param reality how what left in the captures compares; null where none holds what left
 * @param triggers the port triggers there were, in the order of their beginning
 */
public record ReplayResult(
    Setup setup,
    List<CaptureRead> captures,
    long seed,
    long firstNs,
    long lastNs,
    List<String> assumptions,
    List<CaptureProblem> problems,
    List<NetInterface> interfaces,
    Totals totals,
    long connections,
    List<RulesetResult> rulesets,
    FlowStore flows,
    DnsQuestions dns,
    Timeline timeline,
    SipDialogs sip,
    HelperWork helpers,
    FtpTransfers ftp,
    LogLines log,
    Reality reality,
    List<Trigger> triggers,
    RunNames names) {

  /**
   * What the run does not know itself.
   *
   * @param version of this tool
   * @param host the folder with the host's dumps as it was given, or null
   * @param warnings what the rulesets' parsers had to say
   */
  public record Setup(String version, String host, List<Diagnostic> warnings) {
    public Setup {
      warnings = List.copyOf(warnings);
    }
  }
}
