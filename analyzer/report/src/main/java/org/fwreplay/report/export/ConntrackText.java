package org.fwreplay.report.export;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtEvent;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Protocols;

/** Connections as {@code conntrack -L -o extended} and {@code conntrack -E} print them. */
public final class ConntrackText {
  private static final long SECOND_NS = 1_000_000_000L;

  /** In the order of {@code NF_CT_EXPECT_*}. */
  private static final String[] FLAGS = {"PERMANENT", "INACTIVE", "USERSPACE"};

  private ConntrackText() {}

  /** A connection in the table, without a line end. */
  public static void line(StringBuilder out, Connection ct, long nowNs, boolean counters) {
    head(out, ct);
    out.append(Math.max(0, (ct.expiresNs - nowNs) / SECOND_NS)).append(' ');
    tail(out, ct, counters, true);
    out.append(" mark=").append(Integer.toUnsignedString(ct.mark));
    zone(out, ct);
    helper(out, ct);
    out.append(" use=1");
  }

  private static void helper(StringBuilder out, Connection ct) {
    if (ct.helper != null) {
      out.append(" helper=").append(ct.helper);
    }
  }

  /** An expectation as {@code conntrack -L expect} prints it, without a line end. */
  public static void expectation(StringBuilder out, Expectation e, long nowNs) {
    out.append(Math.max(0, (e.expiresNs - nowNs) / SECOND_NS));
    out.append(" proto=").append(e.tuple.protocol).append(' ');
    tuple(out, e.tuple);
    Tuple mask = mask(e);
    out.append(" mask-src=").append(address(mask, e.maskHi, e.maskLo));
    out.append(" mask-dst=").append(address(mask, mask.destinationHi, mask.destinationLo));
    ports(out, mask);
    Tuple master = e.master.original;
    out.append(" master-src=").append(address(master, master.sourceHi, master.sourceLo));
    out.append(" master-dst=").append(address(master, master.destinationHi, master.destinationLo));
    ports(out, master);
    flags(out, e);
    out.append(" class=").append(e.expectationClass);
    if (e.helper != null) {
      out.append(" helper=").append(e.helper.name());
    }
  }

  private static Tuple mask(Expectation e) {
    Tuple mask = new Tuple();
    mask.ipv6 = e.tuple.ipv6;
    mask.protocol = e.tuple.protocol;
    mask.destinationHi = e.tuple.ipv6 ? -1 : 0;
    mask.destinationLo = e.tuple.ipv6 ? -1 : 0xffffffffL;
    mask.sourcePort = e.maskPort;
    mask.destinationPort = 0xffff;
    return mask;
  }

  private static String address(Tuple t, long hi, long lo) {
    return AddressText.of(t.ipv6, hi, lo);
  }

  private static void flags(StringBuilder out, Expectation e) {
    String separator = " ";
    for (int i = 0; i < FLAGS.length; i++) {
      if (e.is(1 << i)) {
        out.append(separator).append(FLAGS[i]);
        separator = ",";
      }
    }
  }

  /**
   * An event's connection, as ctnetlink_conntrack_event fills the message: the timeout is there
   * only where time is left, the state only where it changed.
   */
  static void event(StringBuilder out, Connection ct, long nowNs, String kind, boolean counters) {
    out.append(" ".repeat(Math.max(0, 8 - kind.length() - 1)))
        .append('[')
        .append(kind)
        .append("] ");
    head(out, ct);
    long seconds = (ct.expiresNs - nowNs) / SECOND_NS;
    if (seconds > 0) {
      out.append(seconds).append(' ');
    }
    boolean gone = (ct.events & CtEvent.DESTROY) != 0;
    tail(out, ct, counters && gone, gone || (ct.events & CtEvent.PROTOCOL) != 0);
    if (ct.mark != 0 || (ct.events & CtEvent.MARK) != 0) {
      out.append(" mark=").append(Integer.toUnsignedString(ct.mark));
    }
    zone(out, ct);
    if (!gone) {
      helper(out, ct);
    }
  }

  private static void head(StringBuilder out, Connection ct) {
    Tuple t = ct.original;
    out.append(t.ipv6 ? "ipv6     10 " : "ipv4     2 ");
    String name = name(t.protocol);
    out.append(name).append(" ".repeat(Math.max(0, 8 - name.length())));
    out.append(' ').append(t.protocol).append(' ');
  }

  private static void tail(StringBuilder out, Connection ct, boolean counters, boolean withState) {
    String state = withState ? ct.stateName() : null;
    if (state != null) {
      out.append(state).append(' ');
    }
    tuple(out, ct.original);
    counters(out, ct, Connection.ORIGINAL, counters);
    if (!ct.is(Connection.SEEN_REPLY)) {
      out.append(" [UNREPLIED]");
    }
    out.append(' ');
    tuple(out, ct.reply);
    counters(out, ct, Connection.REPLY, counters);
    if (ct.is(Connection.ASSURED)) {
      out.append(" [ASSURED]");
    }
  }

  private static void counters(StringBuilder out, Connection ct, int direction, boolean wanted) {
    if (wanted) {
      out.append(" packets=").append(ct.packets(direction));
      out.append(" bytes=").append(ct.bytes(direction));
    }
  }

  private static void zone(StringBuilder out, Connection ct) {
    if (ct.zone != 0) {
      String name =
          switch (ct.extension().zoneDirections) {
            case 1 -> " zone-orig=";
            case 2 -> " zone-reply=";
            default -> " zone=";
          };
      out.append(name).append(ct.zone);
    }
  }

  /** A tuple: {@code src= dst= sport= dport=} or what the protocol has instead. */
  public static void tuple(StringBuilder out, Tuple t) {
    out.append("src=").append(AddressText.of(t.ipv6, t.sourceHi, t.sourceLo));
    out.append(" dst=").append(AddressText.of(t.ipv6, t.destinationHi, t.destinationLo));
    ports(out, t);
  }

  private static void ports(StringBuilder out, Tuple t) {
    switch (t.protocol) {
      case Protocols.TCP, Protocols.UDP, Protocols.UDPLITE, Protocols.SCTP, Protocols.DCCP ->
          out.append(" sport=").append(t.sourcePort).append(" dport=").append(t.destinationPort);
      case Protocols.ICMP, Protocols.ICMPV6 ->
          out.append(" type=")
              .append(t.destinationPort >> 8)
              .append(" code=")
              .append(t.destinationPort & 0xff)
              .append(" id=")
              .append(t.sourcePort);
      case Protocols.GRE ->
          out.append(" srckey=0x")
              .append(Integer.toHexString(t.sourcePort))
              .append(" dstkey=0x")
              .append(Integer.toHexString(t.destinationPort));
      default -> {}
    }
  }

  private static String name(int protocol) {
    return switch (protocol) {
      case Protocols.TCP -> "tcp";
      case Protocols.UDP -> "udp";
      case Protocols.UDPLITE -> "udplite";
      case Protocols.ICMP -> "icmp";
      case Protocols.ICMPV6 -> "icmpv6";
      case Protocols.SCTP -> "sctp";
      case Protocols.GRE -> "gre";
      case Protocols.DCCP -> "dccp";
      default -> "unknown";
    };
  }
}
