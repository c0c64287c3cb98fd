package org.fwreplay.xt.target;

import java.util.List;
import java.util.Map;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/** {@code -j LOG}: writes a line about the packet. xt_LOG, libxt_LOG. */
public record LogTarget(LogRequest request) implements StatelessTarget {
  private static final int WARNING = 4;

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    /** {@code sizeof(prefix) - 1} of {@code struct xt_log_info}. */
    private static final int MAX_PREFIX = 29;

    private static final Map<String, Integer> LEVELS =
        Map.of(
            "emerg", 0, "panic", 0, "alert", 1, "crit", 2, "error", 3, "warning", WARNING, "notice",
            5, "info", 6, "debug", 7);

    @Override
    public String name() {
      return "LOG";
    }

    @Override
    public String summary() {
      return "writes a line to the system log";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("log-level", "level"),
          Option.of("log-prefix", "prefix"),
          Option.flag("log-tcp-sequence"),
          Option.flag("log-tcp-options"),
          Option.flag("log-ip-options"),
          Option.flag("log-uid"),
          Option.flag("log-macdecode"));
    }

    @Override
    public LogTarget parse(Arguments arguments) {
      String prefix = "";
      int level = WARNING;
      int flags = 0;
      for (Argument a : arguments.all()) {
        switch (a.option()) {
          case "log-level" -> level = level(a);
          case "log-prefix" -> prefix = LogPrefix.of(a, MAX_PREFIX);
          case "log-tcp-sequence" -> flags |= LogRequest.TCP_SEQUENCE;
          case "log-tcp-options" -> flags |= LogRequest.TCP_OPTIONS;
          case "log-ip-options" -> flags |= LogRequest.IP_OPTIONS;
          case "log-uid" -> flags |= LogRequest.UID;
          default -> flags |= LogRequest.MAC_DECODE;
        }
      }
      return new LogTarget(new LogRequest(prefix, level, flags, -1));
    }

    private static int level(Argument a) {
      Integer named = LEVELS.get(a.text());
      return named != null ? named : (int) a.unsigned(0, 7);
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (!request.prefix().isEmpty()) {
      out.quoted("log-prefix", false, request.prefix());
    }
    if (request.level() != WARNING) {
      out.option("log-level", request.level());
    }
    flag(out, LogRequest.TCP_SEQUENCE, "log-tcp-sequence");
    flag(out, LogRequest.TCP_OPTIONS, "log-tcp-options");
    flag(out, LogRequest.IP_OPTIONS, "log-ip-options");
    flag(out, LogRequest.UID, "log-uid");
    flag(out, LogRequest.MAC_DECODE, "log-macdecode");
  }

  private void flag(RuleWriter out, int bit, String name) {
    if ((request.flags() & bit) != 0) {
      out.flag(name);
    }
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    evaluation.services.log(packet, evaluation, request);
    return Verdict.CONTINUE;
  }
}
