package org.fwreplay.conntrack;

import java.util.function.ToIntBiFunction;

/**
 * The {@code net.netfilter.nf_conntrack_*} sysctls that decide how connections are tracked;
 * timeouts in ns.
 */
public final class ConntrackSettings {
  private static final long SECOND = 1_000_000_000L;

  final int max;

  /** Of the kernel's table. */
  final int buckets;

  final boolean accounting;
  final boolean checksum;
  final boolean tcpLiberal;
  final boolean tcpLoose;
  final boolean tcpIgnoreInvalidRst;
  final int tcpMaxRetransmissions;
  final int expectMax;

  /** Whether helpers are assigned by port, as old kernels do. */
  final boolean helperByPort;

  /** By TCP state; then the timeouts for retransmissions and unacknowledged data. */
  final long[] tcp;

  final long[] sctp;
  final long udp;
  final long udpStream;
  final long icmp;
  final long icmp6;
  final long gre;
  final long greStream;
  final long generic;

  /**
   * Reads the sysctls.
   *
   * @param sysctl gives a sysctl's value, or the default handed over where it is not set
   */
  public ConntrackSettings(ToIntBiFunction<String, Integer> sysctl) {
    Reader r = new Reader(sysctl);
    max = r.number("max", 262_144);
    buckets = Math.max(1, r.number("buckets", 262_144));
    accounting = r.number("acct", 0) != 0;
    checksum = r.number("checksum", 1) != 0;
    tcpLiberal = r.number("tcp_be_liberal", 0) != 0;
    tcpLoose = r.number("tcp_loose", 1) != 0;
    tcpIgnoreInvalidRst = r.number("tcp_ignore_invalid_rst", 0) != 0;
    tcpMaxRetransmissions = r.number("tcp_max_retrans", 3);
    expectMax = r.number("expect_max", 4096);
    helperByPort = r.number("helper", 0) != 0;
    tcp = new long[TcpTracker.TIMEOUTS];
    tcp[TcpTracker.SYN_SENT] = r.timeout("tcp_timeout_syn_sent", 120);
    tcp[TcpTracker.SYN_RECV] = r.timeout("tcp_timeout_syn_recv", 60);
    tcp[TcpTracker.ESTABLISHED] = r.timeout("tcp_timeout_established", 432_000);
    tcp[TcpTracker.FIN_WAIT] = r.timeout("tcp_timeout_fin_wait", 120);
    tcp[TcpTracker.CLOSE_WAIT] = r.timeout("tcp_timeout_close_wait", 60);
    tcp[TcpTracker.LAST_ACK] = r.timeout("tcp_timeout_last_ack", 30);
    tcp[TcpTracker.TIME_WAIT] = r.timeout("tcp_timeout_time_wait", 120);
    tcp[TcpTracker.CLOSE] = r.timeout("tcp_timeout_close", 10);
    tcp[TcpTracker.SYN_SENT2] = 120 * SECOND;
    tcp[TcpTracker.TIMEOUT_RETRANS] = r.timeout("tcp_timeout_max_retrans", 300);
    tcp[TcpTracker.TIMEOUT_UNACK] = r.timeout("tcp_timeout_unacknowledged", 300);
    sctp = new long[SctpTracker.STATES];
    sctp[SctpTracker.CLOSED] = r.timeout("sctp_timeout_closed", 10);
    sctp[SctpTracker.COOKIE_WAIT] = r.timeout("sctp_timeout_cookie_wait", 3);
    sctp[SctpTracker.COOKIE_ECHOED] = r.timeout("sctp_timeout_cookie_echoed", 3);
    sctp[SctpTracker.ESTABLISHED] = r.timeout("sctp_timeout_established", 210);
    sctp[SctpTracker.SHUTDOWN_SENT] = r.timeout("sctp_timeout_shutdown_sent", 3);
    sctp[SctpTracker.SHUTDOWN_RECD] = r.timeout("sctp_timeout_shutdown_recd", 3);
    sctp[SctpTracker.SHUTDOWN_ACK_SENT] = r.timeout("sctp_timeout_shutdown_ack_sent", 3);
    sctp[SctpTracker.HEARTBEAT_SENT] = r.timeout("sctp_timeout_heartbeat_sent", 30);
    udp = r.timeout("udp_timeout", 30);
    udpStream = r.timeout("udp_timeout_stream", 120);
    icmp = r.timeout("icmp_timeout", 30);
    icmp6 = r.timeout("icmpv6_timeout", 30);
    gre = r.timeout("gre_timeout", 30);
    greStream = r.timeout("gre_timeout_stream", 180);
    generic = r.timeout("generic_timeout", 600);
  }

  private record Reader(ToIntBiFunction<String, Integer> sysctl) {
    int number(String name, int dflt) {
      return sysctl.applyAsInt("net.netfilter.nf_conntrack_" + name, dflt);
    }

    long timeout(String name, int dflt) {
      return number(name, dflt) * SECOND;
    }
  }
}
