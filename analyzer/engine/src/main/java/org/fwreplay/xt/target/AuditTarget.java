package org.fwreplay.xt.target;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j AUDIT}: writes an audit record; the packet goes on whatever the type. xt_AUDIT,
 * libxt_AUDIT.
 *
 * @param type accept, drop or reject: what is to stand in the record
 */
public record AuditTarget(String type) implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "AUDIT";
    }

    @Override
    public String summary() {
      return "writes an audit record";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("type", "accept|drop|reject").required());
    }

    @Override
    public AuditTarget parse(Arguments arguments) {
      Argument type = arguments.get("type");
      String text = type.text().toLowerCase(Locale.ROOT);
      if (!Set.of("accept", "drop", "reject").contains(text)) {
        throw type.fail("--type: \"" + type.text() + "\" is none of accept, drop, reject");
      }
      return new AuditTarget(text);
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("type", type);
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    return Verdict.CONTINUE;
  }
}
