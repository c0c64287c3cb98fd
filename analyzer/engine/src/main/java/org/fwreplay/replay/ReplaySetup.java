package org.fwreplay.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.fwreplay.capture.ReaderKind;
import org.fwreplay.capture.VendorHeader;
import org.fwreplay.hook.Sockets;
import org.fwreplay.host.Host;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.legacy.Ipchains;
import org.fwreplay.legacy.PacketListener;
import org.fwreplay.rule.Indexing;
import org.fwreplay.rule.InterfaceMatch;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.xt.SocketOwners;

/** What a run needs; {@link ReplayRun#builder} starts one. */
public final class ReplaySetup {
  /** The host itself sends the frames. */
  static final int LOCAL = -2;

  Host host;
  Ruleset four;
  Ruleset six;
  Sockets sockets;
  SocketOwners owners = SocketOwners.NONE;
  SetFile sets = SetFile.EMPTY;
  long seed;
  Indexing indexing = Indexing.LONG;
  boolean undecidedMatches;
  boolean reflect;
  IntFunction<PacketListener> queues = number -> null;
  IntFunction<PacketListener> diverts = port -> null;
  Ipchains ipchains;
  ReaderKind reader = ReaderKind.OWN;
  final Map<String, VendorHeader> linkHeaders = new LinkedHashMap<>();
  final List<ReplayInput> inputs = new ArrayList<>();
  final List<Ruleset> mentioned = new ArrayList<>();

  /** The host; without one it is made up from names and addresses. */
  public ReplaySetup host(Host host) {
    this.host = host;
    return this;
  }

  /** The IPv4 ruleset, or null. */
  public ReplaySetup rules4(Ruleset rules) {
    this.four = rules;
    return this;
  }

  /** The IPv6 ruleset, or null. */
  public ReplaySetup rules6(Ruleset rules) {
    this.six = rules;
    return this;
  }

  /** What listens on the host; without it that is guessed, see {@link Sockets}. */
  public ReplaySetup sockets(Sockets sockets) {
    this.sockets = sockets;
    return this;
  }

  /** Who owns which socket of the host, for {@code -m owner}. */
  public ReplaySetup socketOwners(SocketOwners owners) {
    this.owners = owners;
    return this;
  }

  /** Takes what a capture cannot decide for a match; the default is no match. */
  public ReplaySetup undecidedMatches(boolean match) {
    this.undecidedMatches = match;
    return this;
  }

  /** Who listens at queues, by the queue's number; null where nobody knows. */
  public ReplaySetup queues(IntFunction<PacketListener> listeners) {
    this.queues = listeners;
    return this;
  }

  /** Rules of ipchains in the place of IPv4 rules: packets take the way of Linux 2.2. */
  public ReplaySetup ipchains(Ipchains chains) {
    this.ipchains = chains;
    return this;
  }

  /** Who listens at divert sockets, by the port; null where nobody knows. */
  public ReplaySetup diverts(IntFunction<PacketListener> listeners) {
    this.diverts = listeners;
    return this;
  }

  /** The IP sets that rules look into; see also {@link ReplayRun#sets}. */
  public ReplaySetup sets(SetFile sets) {
    this.sets = sets;
    return this;
  }

  /** The seed of everything that is random in Linux. */
  public ReplaySetup seed(long seed) {
    this.seed = seed;
    return this;
  }

  /** Which chains are searched by an index: of no matter but for speed. */
  public ReplaySetup index(Indexing which) {
    indexing = which;
    return this;
  }

  /** Makes up the arrivals that frames which left imply, where no capture holds them. */
  public ReplaySetup reflect(boolean reflect) {
    this.reflect = reflect;
    return this;
  }

  /** Who frames classic pcap files. */
  public ReplaySetup reader(ReaderKind kind) {
    this.reader = kind;
    return this;
  }

  /** Frames at an interface begin with a link-layer header of its driver's own. */
  public ReplaySetup linkHeader(String interfaceName, VendorHeader header) {
    linkHeaders.put(interfaceName, header);
    return this;
  }

  /** A capture; several are merged by time stamp. */
  public ReplaySetup input(ReplayInput input) {
    inputs.add(input);
    return this;
  }

  /** Further rulesets whose interfaces a host that is made up has, too. */
  public ReplaySetup mention(List<Ruleset> rulesets) {
    mentioned.addAll(rulesets);
    return this;
  }

  /** Another description, so far the same. */
  public ReplaySetup copy() {
    ReplaySetup copy = new ReplaySetup();
    copy.host = host;
    copy.four = four;
    copy.six = six;
    copy.sockets = sockets;
    copy.owners = owners;
    copy.sets = sets;
    copy.seed = seed;
    copy.indexing = indexing;
    copy.undecidedMatches = undecidedMatches;
    copy.reflect = reflect;
    copy.queues = queues;
    copy.diverts = diverts;
    copy.reader = reader;
    copy.linkHeaders.putAll(linkHeaders);
    copy.inputs.addAll(inputs);
    copy.mentioned.addAll(mentioned);
    return copy;
  }

  /** The run, ready to start. */
  public ReplayRun build() {
    return new ReplayRun(this);
  }

  /** A host made up from the names that captures and rules give. */
  GuessedHost guessHost() {
    List<String> given = new ArrayList<>();
    for (ReplayInput input : inputs) {
      if (input.interfaceName() != null) {
        given.add(input.interfaceName());
      }
    }
    Set<String> inRules = new LinkedHashSet<>();
    mention(four, inRules);
    mention(six, inRules);
    mentioned.forEach(ruleset -> mention(ruleset, inRules));
    return GuessedHost.of(given, inRules);
  }

  private static void mention(Ruleset rules, Set<String> into) {
    if (rules == null) {
      return;
    }
    rules.tables().stream()
        .flatMap(t -> t.chains().stream())
        .flatMap(c -> c.rules().stream())
        .forEach(
            rule -> {
              mention(rule.ip().in(), into);
              mention(rule.ip().out(), into);
            });
  }

  private static void mention(InterfaceMatch match, Set<String> into) {
    if (match != null && !match.name().endsWith("+")) {
      into.add(match.name());
    }
  }

  /**
   * Whether frames of an input are told apart by their direction: without dumps nobody can, unless
   * it is said where the capture was made.
   */
  boolean holdsBothWays(ReplayInput input) {
    return input.bothWays() && (host != null || input.interfaceName() != null);
  }

  /** The same for each input. */
  boolean[] bothWays() {
    boolean[] bothWays = new boolean[inputs.size()];
    for (int i = 0; i < bothWays.length; i++) {
      bothWays[i] = holdsBothWays(inputs.get(i));
    }
    return bothWays;
  }

  /**
   * Ids of the interfaces at which the frames of each input arrive; -1 unknown, or {@link #LOCAL}.
   */
  int[] arrivals(Host host) {
    int[] arrivals = new int[inputs.size()];
    for (int i = 0; i < arrivals.length; i++) {
      ReplayInput input = inputs.get(i);
      if (input.local()) {
        arrivals[i] = LOCAL;
      } else if (input.interfaceName() == null) {
        arrivals[i] = -1;
      } else {
        arrivals[i] = host.interfaceByName(input.interfaceName()).id();
      }
    }
    return arrivals;
  }
}
