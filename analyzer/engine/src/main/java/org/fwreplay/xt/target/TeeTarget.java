package org.fwreplay.xt.target;

import java.util.List;
import org.fwreplay.host.NetInterface;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j TEE}: sends a copy of the packet to a gateway; the packet itself goes on. xt_TEE,
 * libxt_TEE.
 *
 * @param hi upper half of the gateway's address
 * @param lo lower half of it
 * @param out name of the interface that the copy leaves by, or empty
 */
public record TeeTarget(long hi, long lo, String out) implements PacketTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "TEE";
    }

    @Override
    public String summary() {
      return "sends a copy of the packet to a gateway";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("gateway", "address").required(), Option.of("oif", "interface"));
    }

    private static final int MAX_INTERFACE = 15;

    @Override
    public TeeTarget parse(Arguments arguments) {
      Argument gateway = arguments.get("gateway");
      AddressText.Address a = gateway.host(arguments.family(), gateway.text());
      if (a.hi() == 0 && a.lo() == 0) {
        throw gateway.fail("--gateway: the kernel refuses " + gateway.text());
      }
      Argument oif = arguments.find("oif");
      String out = oif == null ? "" : oif.text();
      return new TeeTarget(a.hi(), a.lo(), out.substring(0, Math.min(out.length(), MAX_INTERFACE)));
    }
  }

  @Override
  public void save(RuleWriter writer) {
    writer.option("gateway", AddressText.format(writer.family(), hi, lo));
    if (!out.isEmpty()) {
      writer.option("oif", out);
    }
  }

  @Override
  public Action bind(Binding binding) {
    NetInterface leaves = out.isEmpty() ? null : binding.host().interfaceByName(out);
    int id = leaves == null ? -1 : leaves.id();
    return (packet, evaluation) -> {
      evaluation.services.sendCopy(packet, evaluation, hi, lo, id);
      return Verdict.CONTINUE;
    };
  }
}
