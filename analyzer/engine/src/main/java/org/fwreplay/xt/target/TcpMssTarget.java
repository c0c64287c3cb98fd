package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j TCPMSS}: lowers the MSS option of TCP, or adds it (RFC 9293 section 3.7.1). xt_TCPMSS,
 * libxt_TCPMSS.
 *
 * @param mss 0 to 65534, or {@link #CLAMP} for what the path's MTU allows
 */
public record TcpMssTarget(int mss) implements StatelessTarget {
  /** The path's MTU less the headers. */
  public static final int CLAMP = 0xffff;

  private static final int OPTION_LENGTH = 4;
  private static final int MAX_HEADER = 60;

  /** What a host without the option counts with: RFC 9293, RFC 8200. */
  private static final int DEFAULT_IPV4 = 536;

  private static final int DEFAULT_IPV6 = 1220;

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "TCPMSS";
    }

    @Override
    public String summary() {
      return "lowers TCP's maximum segment size";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.TCP);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("set-mss", "size"), Option.flag("clamp-mss-to-pmtu"));
    }

    /** The later of the two options counts, as in iptables. */
    @Override
    public TcpMssTarget parse(Arguments arguments) {
      int header = arguments.family() == Family.IPV4 ? Ipv4.MIN_LENGTH : Ipv6.LENGTH;
      int mss = -1;
      for (Argument a : arguments.all()) {
        mss = a.option().equals("set-mss") ? (int) a.unsigned(0, 0xffff - header) : CLAMP;
      }
      if (mss < 0) {
        throw arguments.fail("TCPMSS: --set-mss or --clamp-mss-to-pmtu is required");
      }
      return new TcpMssTarget(mss);
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (mss == CLAMP) {
      out.flag("clamp-mss-to-pmtu");
    } else {
      out.option("set-mss", mss);
    }
  }

  /** Only where the way out is known can its MTU be asked for. */
  @Override
  public Set<Hook> hooks() {
    return mss == CLAMP
        ? EnumSet.of(Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING)
        : EnumSet.allOf(Hook.class);
  }

  @Override
  public boolean onlyForSyn() {
    return true;
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    if (evaluation.fragmentOffset != 0) {
      return Verdict.CONTINUE;
    }
    int tcp = packet.transport;
    int length = packet.end - tcp;
    if (length < Tcp.MIN_LENGTH) {
      return Verdict.DROP;
    }
    int header = (packet.u8(tcp + Tcp.DATA_OFFSET) >> 4) * 4;
    if (length < header || header < Tcp.MIN_LENGTH) {
      return Verdict.DROP;
    }
    int wanted = mss == CLAMP ? clamped(packet, evaluation) : mss;
    if (wanted < 0) {
      return Verdict.DROP;
    }
    int option = find(packet, tcp, header);
    if (option >= 0) {
      lower(packet, tcp, option, wanted);
    } else if (length == header && header < MAX_HEADER) {
      // with data behind the header the packet might grow too large: it passes as it is
      add(packet, Math.min(wanted, packet.ipv6 ? DEFAULT_IPV6 : DEFAULT_IPV4));
    }
    return Verdict.CONTINUE;
  }

  /** What the smaller MTU of both ways leaves for a segment, or -1. */
  private static int clamped(Packet packet, Evaluation evaluation) {
    int back = evaluation.services.reversePathMtu(packet, evaluation);
    int there = evaluation.services.pathMtu(packet);
    int mtu = Integer.compareUnsigned(back, there) < 0 ? back : there;
    int headers = (packet.ipv6 ? Ipv6.LENGTH : Ipv4.MIN_LENGTH) + Tcp.MIN_LENGTH;
    return Integer.compareUnsigned(mtu, headers) <= 0 ? -1 : mtu - headers & 0xffff;
  }

  /** Absolute offset of the MSS option, or -1. */
  private static int find(Packet packet, int tcp, int header) {
    int i = Tcp.MIN_LENGTH;
    while (i <= header - OPTION_LENGTH) {
      int at = tcp + i;
      if (packet.u8(at) == Tcp.OPTION_MSS && packet.u8(at + 1) == OPTION_LENGTH) {
        return at;
      }
      i += TcpOptions.length(packet, at);
    }
    return -1;
  }

  private static void lower(Packet packet, int tcp, int option, int wanted) {
    int before = packet.u16(option + 2);
    if (before <= wanted) {
      return;
    }
    Bytes.put16(packet.buffer, option + 2, wanted);
    int sum = tcp + Tcp.CHECKSUM;
    Bytes.put16(packet.buffer, sum, Checksums.update32(packet.u16(sum), before, wanted));
  }

  /** Puts the option before all others and lets the packet grow. */
  private static void add(Packet packet, int wanted) {
    packet.makeOwn();
    byte[] b = packet.buffer;
    int tcp = packet.transport;
    int options = tcp + Tcp.MIN_LENGTH;
    int length = packet.end - tcp;
    System.arraycopy(b, options, b, options + OPTION_LENGTH, length - Tcp.MIN_LENGTH);
    packet.end += OPTION_LENGTH;
    int option = Tcp.OPTION_MSS << 24 | OPTION_LENGTH << 16 | wanted;
    Bytes.put32(b, options, option);
    int flags = packet.u16(tcp + Tcp.DATA_OFFSET);
    int longer = flags + (OPTION_LENGTH / 4 << 12);
    Bytes.put16(b, tcp + Tcp.DATA_OFFSET, longer);
    int sum = packet.u16(tcp + Tcp.CHECKSUM);
    sum = Checksums.update32(sum, length, length + OPTION_LENGTH);
    sum = Checksums.update32(sum, 0, option);
    sum = Checksums.update32(sum, flags, longer);
    Bytes.put16(b, tcp + Tcp.CHECKSUM, sum);
    if (packet.ipv6) {
      int at = packet.network + Ipv6.PAYLOAD_LENGTH;
      Bytes.put16(b, at, packet.u16(at) + OPTION_LENGTH);
    } else {
      int at = packet.network + Ipv4.TOTAL_LENGTH;
      packet.setIpv4Word(at, packet.u16(at) + OPTION_LENGTH);
    }
  }
}
