package org.fwreplay.xt.target;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j TCPOPTSTRIP}: overwrites TCP options with no-operations. xt_TCPOPTSTRIP,
 * libxt_TCPOPTSTRIP.
 *
 * @param strip numbers of the options, ascending
 */
public record TcpOptStripTarget(List<Integer> strip) implements PacketTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    private static final int MD5_SIGNATURE = 19;
    private static final Map<String, Integer> NAMES =
        Map.of(
            "wscale", Tcp.OPTION_WINDOW_SCALE,
            "mss", Tcp.OPTION_MSS,
            "sack-permitted", Tcp.OPTION_SACK_PERMITTED,
            "sack", Tcp.OPTION_SACK,
            "timestamp", Tcp.OPTION_TIMESTAMP,
            "md5", MD5_SIGNATURE);

    @Override
    public String name() {
      return "TCPOPTSTRIP";
    }

    @Override
    public String summary() {
      return "overwrites TCP options";
    }

    @Override
    public Set<String> tables() {
      return Set.of("mangle");
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.TCP);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("strip-options", "option[,option...]"));
    }

    @Override
    public TcpOptStripTarget parse(Arguments arguments) {
      Argument list = arguments.find("strip-options");
      if (list == null) {
        return new TcpOptStripTarget(List.of());
      }
      TreeSet<Integer> strip = new TreeSet<>();
      for (String word : list.text().split(",", -1)) {
        Integer named = NAMES.get(word);
        int option = named != null ? named : (int) list.number(word, 0, 255);
        if (option <= Tcp.OPTION_NOP) {
          throw list.fail("--strip-options: options 0 and 1 cannot be stripped");
        }
        if (!strip.add(option)) {
          throw list.fail("--strip-options: \"" + word + "\" was given already");
        }
      }
      return new TcpOptStripTarget(List.copyOf(strip));
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (!strip.isEmpty()) {
      out.option("strip-options", String.join(",", strip.stream().map(String::valueOf).toList()));
    }
  }

  @Override
  public Action bind(Binding binding) {
    boolean[] wanted = new boolean[256];
    for (int option : strip) {
      wanted[option] = true;
    }
    return (packet, evaluation) -> strip(packet, evaluation, wanted);
  }

  private static int strip(Packet packet, Evaluation evaluation, boolean[] wanted) {
    if (evaluation.fragmentOffset != 0) {
      return Verdict.CONTINUE;
    }
    int tcp = packet.transport;
    if (!packet.has(tcp, Tcp.MIN_LENGTH)) {
      return Verdict.DROP;
    }
    int length = (packet.u8(tcp + Tcp.DATA_OFFSET) >> 4) * 4;
    if (length < Tcp.MIN_LENGTH || !packet.has(tcp, length)) {
      return Verdict.DROP;
    }
    int i = Tcp.MIN_LENGTH;
    while (i < length - 1) {
      int size = TcpOptions.length(packet, tcp + i);
      if (i + size > length) {
        break;
      }
      if (wanted[packet.u8(tcp + i)]) {
        overwrite(packet, tcp, i, size);
      }
      i += size;
    }
    return Verdict.CONTINUE;
  }

  private static void overwrite(Packet packet, int tcp, int option, int size) {
    int checksum = packet.u16(tcp + Tcp.CHECKSUM);
    for (int at = option; at < option + size; at++) {
      int shift = at % 2 == 0 ? 8 : 0;
      int before = packet.u8(tcp + at) << shift;
      checksum = Checksums.update32(checksum, before, Tcp.OPTION_NOP << shift);
      Bytes.put8(packet.buffer, tcp + at, Tcp.OPTION_NOP);
    }
    Bytes.put16(packet.buffer, tcp + Tcp.CHECKSUM, checksum);
  }
}
