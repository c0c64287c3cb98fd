package org.fwreplay.rule;

import java.util.List;
import org.fwreplay.packet.Family;
import org.fwreplay.xt.RuleWriter;

/**
 * Writes a ruleset as {@code iptables-legacy-save} does, without its comments.
 *
 * <p>iptables-save follows /proc/net/ip_tables_names, where the table that was used last comes
 * first; after a restore into a fresh kernel that is the order of the text turned round.
 */
public final class RulesetWriter {
  /** Where the counters come from. */
  public interface Counters {
    /** Packets of a chain's policy. */
    long policyPackets(Table table, Chain chain);

    /** Bytes of a chain's policy. */
    long policyBytes(Table table, Chain chain);

    /** Packets of a rule. */
    long packets(Table table, Chain chain, Rule rule);

    /** Bytes of a rule. */
    long bytes(Table table, Chain chain, Rule rule);
  }

  private final StringBuilder out = new StringBuilder();
  private final Ruleset ruleset;
  private final Counters counters;

  private RulesetWriter(Ruleset ruleset, Counters counters) {
    this.ruleset = ruleset;
    this.counters = counters;
  }

  /** The text without counters: those of policies are written as 0. */
  public static String write(Ruleset ruleset) {
    return write(ruleset, null);
  }

  /** The text with counters, as {@code iptables-save -c} writes it. */
  public static String write(Ruleset ruleset, Counters counters) {
    RulesetWriter writer = new RulesetWriter(ruleset, counters);
    List<Table> tables = ruleset.tables();
    for (int i = tables.size() - 1; i >= 0; i--) {
      writer.table(tables.get(i));
    }
    return writer.out.toString();
  }

  /** One rule's words, from {@code -A} on. */
  public static String rule(Family family, Chain chain, Rule rule) {
    StringBuilder out = new StringBuilder(128);
    append(out, family, chain, rule);
    return out.toString();
  }

  /**
   * The words of one thing that a rule asks.
   *
   * @param predicate see {@link WalkObserver#missed}
   */
  public static String predicate(Family family, Rule rule, int predicate) {
    StringBuilder out = new StringBuilder();
    IpMatch ip = rule.ip();
    switch (predicate) {
      case WalkObserver.SOURCE -> address(out, "-s", family, ip.source());
      case WalkObserver.DESTINATION -> address(out, "-d", family, ip.destination());
      case WalkObserver.IN -> interfaceName(out, "-i", ip.in());
      case WalkObserver.OUT -> interfaceName(out, "-o", ip.out());
      case WalkObserver.PROTOCOL -> protocol(out, ip);
      case WalkObserver.FRAGMENT -> out.append(ip.fragmentInverted() ? "! -f" : "-f");
      default -> {
        MatchUse use = rule.matches().get(predicate - WalkObserver.MATCHES);
        out.append("-m ").append(use.name());
        use.match().save(new RuleWriter(out, family));
      }
    }
    return out.toString().strip();
  }

  private void table(Table table) {
    out.append('*').append(table.name()).append('\n');
    for (Chain chain : table.chains()) {
      boolean counted = chain.isBuiltin() && counters != null;
      out.append(':').append(chain.name()).append(' ');
      out.append(chain.isBuiltin() ? chain.policy() : "-").append(' ');
      brackets(
          counted ? counters.policyPackets(table, chain) : 0,
          counted ? counters.policyBytes(table, chain) : 0);
      out.append('\n');
    }
    for (Chain chain : table.chains()) {
      for (Rule rule : chain.rules()) {
        if (counters != null) {
          brackets(counters.packets(table, chain, rule), counters.bytes(table, chain, rule));
          out.append(' ');
        }
        append(out, ruleset.family(), chain, rule);
        out.append('\n');
      }
    }
    out.append("COMMIT\n");
  }

  private void brackets(long packets, long bytes) {
    out.append('[').append(Long.toUnsignedString(packets)).append(':');
    out.append(Long.toUnsignedString(bytes)).append(']');
  }

  private static void append(StringBuilder out, Family family, Chain chain, Rule rule) {
    out.append("-A ").append(chain.name());
    header(out, family, rule.ip());
    RuleWriter words = new RuleWriter(out, family);
    for (MatchUse use : rule.matches()) {
      out.append(" -m ").append(use.name());
      use.match().save(words);
    }
    RuleTarget target = rule.target();
    if (!target.name().isEmpty()) {
      out.append(target instanceof RuleTarget.Goto ? " -g " : " -j ").append(target.name());
    }
    if (target instanceof RuleTarget.Extension extension) {
      extension.target().save(words);
    }
  }

  private static void header(StringBuilder out, Family family, IpMatch ip) {
    address(out, "-s", family, ip.source());
    address(out, "-d", family, ip.destination());
    interfaceName(out, "-i", ip.in());
    interfaceName(out, "-o", ip.out());
    if (ip.protocol() != 0) {
      protocol(out, ip);
    }
    if (ip.fragment()) {
      out.append(ip.fragmentInverted() ? " ! -f" : " -f");
    }
  }

  private static void protocol(StringBuilder out, IpMatch ip) {
    out.append(ip.protocolInverted() ? " !" : "").append(" -p ");
    out.append(ProtocolNames.text(ip.protocol()));
  }

  private static void address(
      StringBuilder out, String option, Family family, AddressMatch address) {
    if (!address.isAny()) {
      out.append(address.inverted() ? " ! " : " ").append(option).append(' ');
      out.append(address.text(family));
    }
  }

  private static void interfaceName(StringBuilder out, String option, InterfaceMatch match) {
    if (match != null && (match.inverted() || !match.isEverything())) {
      out.append(match.inverted() ? " ! " : " ").append(option).append(' ').append(match.name());
    }
  }
}
