package org.fwreplay.xt;

import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;

/**
 * The state of one walk of one packet through a table: {@code struct xt_action_param} with the
 * services that targets use. Reused.
 */
public final class Evaluation {
  public Family family;
  public Hook hook;
  public String table;

  /** Interface ids; -1 for none. */
  public int in = -1;

  public int out = -1;

  /**
   * Absolute offset of the transport header ({@code par->thoff}): for IPv4 behind the header; for
   * IPv6 known only once the rule named a protocol, {@link Packet#network} otherwise.
   */
  public int transport;

  /**
   * The fragment's offset in bytes ({@code par->fragoff} scaled): for IPv6 known only once the rule
   * named a protocol, 0 otherwise.
   */
  public int fragmentOffset;

  /** Set by a match that cannot look into the packet: it is dropped at once. */
  public boolean hotDrop;

  /** Set by a match or target that a capture cannot decide; see {@link #undecided}. */
  public boolean isUndecided;

  /** What targets need beyond the packet. */
  public final Services services;

  /** An evaluation over the run's services. */
  public Evaluation(Services services) {
    this.services = services;
  }

  /**
   * The answer of a match that a capture cannot decide (owner, cgroup…): as the run was told to
   * take it. The rule, and what the packet meets from here on, is marked undecided.
   *
   * @return whether the rule is to go on as if matched, whatever its inversion
   */
  public boolean undecided(Packet packet) {
    isUndecided = true;
    packet.undecided = true;
    return services.undecidedMatches();
  }

  /** What targets may ask of the run. */
  public interface Services {
    /** Takes a line that LOG or NFLOG (prefix, group) makes of the packet. */
    void log(Packet packet, Evaluation evaluation, LogRequest request);

    /**
     * Answers a packet: {@code nf_send_unreach} and {@code nf_send_unreach6}.
     *
     * @param type ICMP or ICMPv6 type
     * @param code ICMP or ICMPv6 code
     */
    void sendUnreachable(Packet packet, Evaluation evaluation, int type, int code);

    /** Answers a TCP segment with a reset: {@code nf_send_reset} and {@code nf_send_reset6}. */
    void sendReset(Packet packet, Evaluation evaluation);

    /** How the run takes what cannot be decided ({@code --undecided match|no-match}). */
    boolean undecidedMatches();

    /** Connection tracking and NAT of the run. */
    org.fwreplay.nat.Nat nat();

    /** Connection tracking of the run. */
    org.fwreplay.conntrack.Conntrack conntrack();

    /** The MTU on the way of the packet ({@code dst_mtu(skb_dst(skb))}), for TCPMSS. */
    int pathMtu(Packet packet);

    /** The MTU on the way back to the packet's sender, for TCPMSS. */
    int reversePathMtu(Packet packet, Evaluation evaluation);
  }
}
