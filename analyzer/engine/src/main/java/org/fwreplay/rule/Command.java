package org.fwreplay.rule;

import java.util.List;

/**
 * A line of iptables, understood.
 *
 * @param option what to do; null where the line was wrong
 * @param chain the chain, or null for all
 * @param chainWord where the chain is named
 * @param argument the policy of {@code -P} or the new name of {@code -E}, or null
 * @param number the rule number of {@code -I}, {@code -D} and {@code -R}, or 0
 * @param rules the rules that it gives, in order; several where addresses are listed
 */
record Command(
    CommandOption option,
    String chain,
    Word chainWord,
    String argument,
    int number,
    List<Rule> rules) {}
