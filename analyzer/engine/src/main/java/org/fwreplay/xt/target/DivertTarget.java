package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j DIVERT}: gives the packet to whoever listens at a divert socket; what comes back is
 * sent or received anew and not diverted again. Divert sockets for Linux 2.2; {@code --tee} as
 * FreeBSD's ipfw: only a copy is given away.
 *
 * @param port of the divert socket, 1 to 65535
 * @param passThrough whether packets go on where nobody listens, a choice at compile time
 * @param defragment whether fragments are put together first, likewise
 */
public record DivertTarget(int port, boolean tee, boolean passThrough, boolean defragment)
    implements StatelessTarget {
  /** The name of the dialect; its value holds the words below that are chosen. */
  public static final String DIALECT = "DIVERT";

  public static final String PASS_THROUGH = "pass-through";
  public static final String DEFRAGMENT = "defragment";

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "DIVERT";
    }

    @Override
    public String summary() {
      return "gives packets to a program at a divert socket";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV4);
    }

    @Override
    public Set<String> tables() {
      return Set.of("filter", "mangle", "raw");
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("port", "port").required(), Option.flag("tee"));
    }

    @Override
    public DivertTarget parse(Arguments arguments) {
      String dialect = arguments.dialect(DIALECT);
      return new DivertTarget(
          (int) arguments.get("port").unsigned(1, 0xffff),
          arguments.has("tee"),
          dialect.contains(PASS_THROUGH),
          dialect.contains(DEFRAGMENT));
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("port", port);
    if (tee) {
      out.flag("tee");
    }
  }

  @Override
  public boolean needsDefragmentation() {
    return defragment;
  }

  @Override
  public String assumption() {
    return "DIVERT: where nothing says who listens at the port, nobody does, so that the packet "
        + (passThrough ? "goes on" : "is dropped");
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    if (packet.diverted) {
      return Verdict.CONTINUE;
    }
    boolean taken = evaluation.services.divert(packet, evaluation, port, defragment);
    if (tee || !taken && passThrough) {
      return Verdict.CONTINUE;
    }
    return taken ? Verdict.STOLEN : Verdict.DROP;
  }
}
