package org.fwreplay.xt;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.host.NetInterface;
import org.fwreplay.ipset.IpSet;
import org.fwreplay.ipset.IpSets;
import org.fwreplay.ipset.SetQuery;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;

/**
 * A set as a rule names it, {@code NAME src,dst}: libxt_set.h.
 *
 * @param sources for each dimension whether the source is meant, not the destination
 */
public record SetReference(String name, List<Boolean> sources) {
  private static final int MAX_NAME = 31;
  private static final int MAX_DIMENSIONS = 6;

  public SetReference {
    sources = List.copyOf(sources);
  }

  /** Reads an option's value: two words. */
  public static SetReference parse(Argument argument) {
    String[] words = argument.text().split(" ", 2);
    String option = "--" + argument.option();
    if (words.length < 2 || words[1].startsWith("-")) {
      throw argument.fail(option + " needs the name of a set and src or dst");
    }
    if (words[0].length() > MAX_NAME) {
      throw argument.fail(option + ": a set's name has at most " + MAX_NAME + " characters");
    }
    List<Boolean> sources = new ArrayList<>();
    for (String word : words[1].split(",", -1)) {
      if (!word.equals("src") && !word.equals("dst")) {
        throw argument.fail(option + ": \"" + word + "\" is neither src nor dst");
      }
      sources.add(word.equals("src"));
    }
    if (sources.size() > MAX_DIMENSIONS) {
      throw argument.fail(option + ": at most " + MAX_DIMENSIONS + " times src or dst");
    }
    return new SetReference(words[0], sources);
  }

  /** As it is saved. */
  public String text() {
    StringBuilder out = new StringBuilder(name);
    char separator = ' ';
    for (boolean source : sources) {
      out.append(separator).append(source ? "src" : "dst");
      separator = ',';
    }
    return out.toString();
  }

  /** The set in a run. */
  public IpSet find(Binding binding) {
    IpSet set = binding.shared(IpSets.class, IpSets.SHARED, IpSets::new).find(name);
    if (set == null) {
      throw new IllegalArgumentException("no set " + name);
    }
    return set;
  }

  /** A question about packets; see {@link SetQuery#SetQuery}. */
  public SetQuery query(int flags, SetQuery.Counter packets, SetQuery.Counter bytes, long timeout) {
    boolean[] directions = new boolean[sources.size()];
    for (int i = 0; i < directions.length; i++) {
      directions[i] = sources.get(i);
    }
    return new SetQuery(directions, flags, packets, bytes, timeout);
  }

  /** Hands a packet with what is known of it to a question. */
  public static void take(SetQuery query, Packet packet, Evaluation e, Binding binding) {
    List<NetInterface> interfaces = binding.host().interfaces();
    int device = e.hook == Hook.POSTROUTING ? e.out : e.hook == Hook.OUTPUT ? -1 : e.in;
    boolean ethernet = device >= 0 && interfaces.get(device).ethernet();
    query.take(packet, name(interfaces, e.in), name(interfaces, e.out), ethernet);
  }

  private static String name(List<NetInterface> interfaces, int id) {
    return id < 0 ? "" : interfaces.get(id).name();
  }
}
