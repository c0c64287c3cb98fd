package org.fwreplay.xt;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
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

  /** Whether the packet is a copy that TEE sends while the packet itself is still in a table. */
  public final boolean nested;

  /** What targets need beyond the packet. */
  public final Services services;

  /** An evaluation over the run's services. */
  public Evaluation(Services services) {
    this(services, false);
  }

  /** An evaluation, {@code nested} for copies that go through tables while others are in them. */
  public Evaluation(Services services, boolean nested) {
    this.services = services;
    this.nested = nested;
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

  /**
   * Whether the transport header is there to be looked at: the packet is no later fragment. One
   * that is cut short, which Linux drops at once, has {@link #hotDrop} set.
   *
   * @param length of the header, bytes
   */
  public boolean hasHeader(Packet packet, int length) {
    if (fragmentOffset != 0) {
      return false;
    }
    hotDrop |= !packet.has(transport, length);
    return !hotDrop;
  }

  /**
   * The verdict on a packet that a rule hands to a queue of user space. Where nobody said what the
   * listener answers, the packet is undecided and goes the way that it goes without a listener.
   *
   * @param bypass whether packets pass where nobody listens
   */
  public int queue(Packet packet, int number, boolean bypass) {
    QueueAnswer answer = services.queueAnswer(number);
    if (answer == null) {
      undecided(packet);
      answer = QueueAnswer.NONE;
    }
    if (answer == QueueAnswer.ASK) {
      answer = services.askQueue(packet, number);
    }
    boolean passes = answer == QueueAnswer.ACCEPT || answer == QueueAnswer.NONE && bypass;
    return passes ? Verdict.ACCEPT : Verdict.DROP;
  }

  /** What targets may ask of the run. */
  public interface Services {
    /** Takes a line that LOG or NFLOG (prefix, group) makes of the packet. */
    void log(Packet packet, Evaluation evaluation, LogRequest request);

    /** Tells those who observe the run of something seldom; a sentence without an end. */
    void note(Packet packet, String what);

    /**
     * Has somebody told the packet clock's time, in ns, before anything else happens then.
     *
     * @param key of whoever is told, once for each
     */
    void keepTime(LongConsumer clock, String key);

    /**
     * Answers a packet: {@code nf_send_unreach} and {@code nf_send_unreach6}.
     *
     * @param type ICMP or ICMPv6 type
     * @param code ICMP or ICMPv6 code
     */
    void sendUnreachable(Packet packet, Evaluation evaluation, int type, int code);

    /** Answers a TCP segment with a reset: {@code nf_send_reset} and {@code nf_send_reset6}. */
    void sendReset(Packet packet, Evaluation evaluation);

    /**
     * Sends a copy of a packet to a gateway at once, while the packet itself stays where it is:
     * {@code nf_dup_ipv4} and {@code nf_dup_ipv6}.
     *
     * @param out id of the interface that the copy must leave by, -1 for any
     */
    void sendCopy(Packet packet, Evaluation evaluation, long gatewayHi, long gatewayLo, int out);

    /**
     * Sends an ICMP or ICMPv6 error about a packet: {@code icmp_send}, {@code icmpv6_send}.
     *
     * @param info the 32 bits behind type, code and checksum: a pointer, an MTU
     */
    void sendError(Packet packet, int type, int code, int info);

    /** What listens at the queue of that number answers, or null where nobody knows. */
    QueueAnswer queueAnswer(int number);

    /**
     * Asks the program at a queue about a packet, which it may change.
     *
     * @return anything but {@link QueueAnswer#ASK}
     */
    QueueAnswer askQueue(Packet packet, int number);

    /**
     * Gives a packet to whoever listens at a divert port; what comes back goes its own way once
     * this packet is through.
     *
     * @param fragment whether what comes back may be fragmented on its way
     * @return whether anybody listened; where nobody knows, the packet is undecided and nobody did
     */
    boolean divert(Packet packet, Evaluation evaluation, int port, boolean fragment);

    /**
     * Has a copy of a packet received by an interface once this one is through.
     *
     * @param in the interface's id
     * @param change made to the copy first
     */
    void receiveCopy(Packet packet, int in, Consumer<Packet> change);

    /** Whether a program may listen at a port of this host, TCP or UDP. */
    boolean mayListen(int protocol, int port);

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
