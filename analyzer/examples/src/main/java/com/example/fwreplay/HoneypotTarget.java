package com.example.fwreplay;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j HONEYPOT}: logs the first packets that a rule catches and drops all of them.
 *
 * @param keep how many packets are logged
 */
public record HoneypotTarget(int keep) implements PacketTarget {
  private static final int DEFAULT_KEEP = 10;
  private static final LogRequest LINE = new LogRequest("honeypot ", 6, LogRequest.TCP_OPTIONS, -1);

  /** What a rule may say, and where. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "HONEYPOT";
    }

    @Override
    public String summary() {
      return "logs the first packets and drops all";
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.INPUT, Hook.FORWARD);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("keep", "packets"));
    }

    @Override
    public HoneypotTarget parse(Arguments arguments) {
      Argument keep = arguments.find("keep");
      return new HoneypotTarget(keep == null ? DEFAULT_KEEP : (int) keep.unsigned(0, 0xffff));
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (keep != DEFAULT_KEEP) {
      out.option("keep", keep);
    }
  }

  /** What is remembered between packets is made here, once for each run. */
  @Override
  public Action bind(Binding binding) {
    return new Caught();
  }

  private final class Caught implements Action {
    private int count;

    @Override
    public int apply(Packet packet, Evaluation evaluation) {
      if (count < keep) {
        count++;
        evaluation.services.log(packet, evaluation, LINE);
      }
      return Verdict.DROP;
    }
  }
}
