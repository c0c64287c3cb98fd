package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
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
 * {@code -j ULOG}: hands packets to a program that writes logs; gone from Linux, so the packet just
 * goes on. libipt_ULOG.
 *
 * @param group netlink group, 1 to 32
 * @param copyRange bytes of the packet to hand over, 0 for all
 * @param threshold packets that are handed over together
 */
public record UlogTarget(String prefix, int group, long copyRange, int threshold)
    implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "ULOG";
    }

    @Override
    public String summary() {
      return "hands packets to a program that writes logs";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV4);
    }

    @Override
    public String removed() {
      return "Linux has no ULOG since version 3.17; NFLOG took its place";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("ulog-nlgroup", "group"),
          Option.of("ulog-prefix", "prefix"),
          Option.of("ulog-cprange", "bytes"),
          Option.of("ulog-qthreshold", "packets"));
    }

    private static final int MAX_PREFIX = 32;
    private static final int MAX_QUEUE = 50;

    @Override
    public UlogTarget parse(Arguments arguments) {
      String prefix = "";
      int group = 1;
      long range = 0;
      int threshold = 1;
      for (Argument a : arguments.all()) {
        switch (a.option()) {
          case "ulog-nlgroup" -> group = (int) a.unsigned(1, 32);
          case "ulog-prefix" -> prefix = LogPrefix.of(a, MAX_PREFIX);
          case "ulog-cprange" -> range = a.unsigned(0, -1L);
          default -> threshold = (int) a.unsigned(1, MAX_QUEUE);
        }
      }
      return new UlogTarget(prefix, group, range, threshold);
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (!prefix.isEmpty()) {
      out.quoted("ulog-prefix", false, prefix);
    }
    if (group != 1) {
      out.option("ulog-nlgroup", group);
    }
    if (copyRange != 0) {
      out.option("ulog-cprange", copyRange & 0xffffffffL);
    }
    if (threshold != 1) {
      out.option("ulog-qthreshold", threshold);
    }
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    return Verdict.CONTINUE;
  }
}
