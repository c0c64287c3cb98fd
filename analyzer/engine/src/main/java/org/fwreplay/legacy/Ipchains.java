package org.fwreplay.legacy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/** A ruleset of ipchains in a run, with its counters: {@code ip_fw_check} of Linux 2.2. */
public final class Ipchains {
  /** What is wrong with fragments that could overwrite a TCP header. */
  private static final int TINY_TCP = 16;

  private static final int TINY_OTHER = 8;

  /** What is counted of a rule or a policy. */
  static final class Counter {
    private long packets;
    private long bytes;
    private long decided;
    private long firstNs = -1;
    private long lastNs = -1;

    void count(Packet p) {
      firstNs = packets == 0 ? p.timeNs : firstNs;
      lastNs = p.timeNs;
      packets++;
      bytes += p.length();
    }

    Count get() {
      return new Count(packets, bytes, decided, firstNs, lastNs);
    }
  }

  /** A chain. */
  static final class Chain {
    final String name;
    final List<IpchainsRule> rules = new ArrayList<>();
    final List<Counter> counters = new ArrayList<>();

    /** Null for a user's chain. */
    String policy;

    final Counter policyCounter = new Counter();
    private boolean walked;

    Chain(String name, String policy) {
      this.name = name;
      this.policy = policy;
    }
  }

  /**
   * What becomes of a packet at a chain.
   *
   * @param target ACCEPT, DENY, REJECT, MASQ, REDIRECT, DIVERT for a packet that was given away,
   *     DROP for one that nobody wanted
   * @param port of REDIRECT
   * @param by the rule or policy that decided, such as {@code input 3} or {@code input policy}
   */
  public record Verdict(String target, int port, String by) {}

  /** What a packet meets outside of the chains. */
  public interface Outside {
    /** What a rule with {@code -l} writes, in the kernel's words. */
    void log(String text);

    /**
     * Gives the packet to a divert socket.
     *
     * @param by the rule
     * @return whether somebody listened
     */
    boolean divert(int port, String by);
  }

  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private boolean passThrough;
  private boolean defragment;
  private final List<String> assumptions = new ArrayList<>();

  /**
   * Says what the kernel was compiled with.
   *
   * @param passThrough whether packets pass where nobody listens at their divert port
   * @param defragment whether fragments are put together before the rules see them
   */
  public void compiledWith(boolean passThrough, boolean defragment) {
    this.passThrough = passThrough;
    this.defragment = defragment;
  }

  /** Whether fragments are put together before the rules see them. */
  public boolean alwaysDefragment() {
    return defragment;
  }

  /** Says what is not done of a rule. */
  void assume(String sentence) {
    assumptions.add(sentence);
  }

  Ipchains() {
    assumptions.add(
        "ipchains: IPv4 packets take the way of Linux 2.2; masquerading has no helpers (ip_masq_ftp"
            + " and the like): what they would let in or rewrite is not");
    for (String name : List.of("input", "forward", "output")) {
      chains.put(name, new Chain(name, "ACCEPT"));
    }
  }

  /** What a run takes for granted, a sentence each. */
  public List<String> assumptions() {
    return assumptions;
  }

  Map<String, Chain> chains() {
    return chains;
  }

  /**
   * Walks a built-in chain.
   *
   * @param name of the interface that the packet came in by, or leaves by
   */
  public Verdict check(String chain, Packet p, String name, Outside outside) {
    if (p.protocol == Protocols.TCP && p.fragmentOffset == 8 || isTiny(p)) {
      return new Verdict("DENY", 0, chain + ": a fragment that hides its header");
    }
    Chain first = chains.get(chain);
    Verdict verdict = walk(first, p, name, outside);
    if (verdict == null) {
      first.policyCounter.count(p);
      first.policyCounter.decided++;
      verdict = new Verdict(first.policy, 0, chain + " policy");
    }
    return verdict;
  }

  /** A first fragment that is too short for what rules look at. */
  private static boolean isTiny(Packet p) {
    int least = p.protocol == Protocols.TCP ? TINY_TCP : TINY_OTHER;
    boolean known =
        p.protocol == Protocols.TCP || p.protocol == Protocols.UDP || p.protocol == Protocols.ICMP;
    return known && p.moreFragments && p.fragmentOffset == 0 && p.end - p.transport < least;
  }

  /** Null where the chain's end is reached, or RETURN. */
  private Verdict walk(Chain chain, Packet p, String name, Outside outside) {
    if (chain.walked) {
      return new Verdict("DENY", 0, chain.name + ": chains lead in a circle");
    }
    chain.walked = true;
    try {
      for (int i = 0; i < chain.rules.size(); i++) {
        IpchainsRule rule = chain.rules.get(i);
        if (!rule.matches(p, name)) {
          continue;
        }
        act(chain, i, p, name, outside);
        String by = chain.name + " " + (i + 1);
        if (rule.target().equals("DIVERT")) {
          if (p.diverted) {
            continue;
          }
          boolean taken = outside.divert(rule.port(), by);
          if (!taken && passThrough) {
            continue;
          }
          chain.counters.get(i).decided++;
          return new Verdict(taken ? "DIVERT" : "DROP", 0, by);
        }
        if (rule.target().equals("RETURN")) {
          return null;
        }
        Chain next = chains.get(rule.target());
        Verdict verdict = next == null ? verdict(chain, i) : walk(next, p, name, outside);
        if (verdict != null) {
          return verdict;
        }
      }
      return null;
    } finally {
      chain.walked = false;
    }
  }

  /** What a rule that leads to no chain decides; null for nothing. */
  private static Verdict verdict(Chain chain, int index) {
    IpchainsRule rule = chain.rules.get(index);
    if (rule.target().isEmpty()) {
      return null;
    }
    chain.counters.get(index).decided++;
    return new Verdict(rule.target(), rule.port(), chain.name + " " + (index + 1));
  }

  private static void act(Chain chain, int index, Packet p, String name, Outside outside) {
    IpchainsRule rule = chain.rules.get(index);
    chain.counters.get(index).count(p);
    if (rule.log()) {
      outside.log(logLine(chain.name, rule, p, name, index + 1));
    }
    p.setTos(p.tos() & rule.tosAnd() ^ rule.tosXor());
    if (rule.mark() != null) {
      p.mark = rule.mark();
    }
  }

  private static String logLine(
      String chain, IpchainsRule rule, Packet p, String name, int number) {
    boolean ports = p.fragmentOffset == 0 && p.transport + 4 <= p.end;
    boolean icmp = p.protocol == Protocols.ICMP;
    int first = !ports ? 65535 : icmp ? p.u8(p.transport) : p.u16(p.transport);
    int second = !ports ? 65535 : icmp ? p.u8(p.transport + 1) : p.u16(p.transport + 2);
    return String.format(
        java.util.Locale.ROOT,
        "Packet log: %s %s %s PROTO=%d %s:%d %s:%d L=%d S=0x%02X I=%d F=0x%04X T=%d (#%d)",
        chain,
        rule.target().isEmpty() ? "-" : rule.target(),
        name,
        p.protocol,
        org.fwreplay.packet.AddressText.ipv4((int) p.sourceLo()),
        first,
        org.fwreplay.packet.AddressText.ipv4((int) p.destinationLo()),
        second,
        p.length(),
        p.tos(),
        p.u16(p.network + Ipv4.ID),
        p.u16(p.network + Ipv4.FRAGMENT),
        p.ttl(),
        number);
  }

  /**
   * What was counted of a rule or a policy.
   *
   * @param decided packets that it decided about
   * @param firstNs when the first packet came to it, ns since the epoch; -1 for never
   * @param lastNs when the last one did
   */
  public record Count(long packets, long bytes, long decided, long firstNs, long lastNs) {}

  /** A rule with what was counted. */
  public record CountedRule(IpchainsRule rule, Count count) {}

  /**
   * A chain with what was counted.
   *
   * @param policy null for a user's chain
   * @param count of the policy
   */
  public record CountedChain(String name, String policy, Count count, List<CountedRule> rules) {}

  /** All chains with what was counted. */
  public List<CountedChain> counted() {
    List<CountedChain> all = new ArrayList<>();
    for (Chain chain : chains.values()) {
      List<CountedRule> rules = new ArrayList<>();
      for (int i = 0; i < chain.rules.size(); i++) {
        rules.add(new CountedRule(chain.rules.get(i), chain.counters.get(i).get()));
      }
      all.add(new CountedChain(chain.name, chain.policy, chain.policyCounter.get(), rules));
    }
    return all;
  }

  /** All rules with packets and bytes before them, a line each. */
  public List<String> counters() {
    List<String> lines = new ArrayList<>();
    for (CountedChain chain : counted()) {
      if (chain.policy() != null) {
        lines.add(counters(chain.count()) + ":" + chain.name() + " " + chain.policy());
      }
    }
    for (CountedChain chain : counted()) {
      for (CountedRule rule : chain.rules()) {
        lines.add(counters(rule.count()) + rule.rule().text());
      }
    }
    return lines;
  }

  private static String counters(Count count) {
    return "[" + count.packets() + ":" + count.bytes() + "] ";
  }
}
