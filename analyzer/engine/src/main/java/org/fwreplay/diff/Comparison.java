package org.fwreplay.diff;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.fwreplay.host.Host;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.packet.Family;
import org.fwreplay.replay.LockStep;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.replay.ReplaySetup;
import org.fwreplay.rule.Ruleset;

/** Compares two rulesets over the same captures, and finds the edits that are to blame. */
public final class Comparison {
  /** How many rulesets between the old and the new one are tried in one reading. */
  private static final int AT_ONCE = 6;

  private static final int OLD = 0;
  private static final int NEW = 1;

  /**
   * One of the two.
   *
   * @param four IPv4 rules, or null
   * @param six IPv6 rules, or null
   * @param setsText what the sets were read from, to tell whether they are the same
   * @param host null to have one made up
   * @param hostText what the host was read from, likewise
   */
  public record Side(
      Ruleset four, Ruleset six, SetFile sets, String setsText, Host host, String hostText) {}

  private final ReplaySetup base;
  private final Side old;
  private final Side now;
  private final boolean causal;
  private final ReplayRun.Progress progress;
  private final List<Edit> edits = new ArrayList<>();
  private final RulesetDiff four;
  private final RulesetDiff six;
  private final Edit sets;
  private final Edit host;
  private int readings;

  /**
   * A comparison that has not started.
   *
   * @param base what is the same: captures, seed and so on
   * @param causal whether frames are kept out that would never have been sent
   */
  public Comparison(
      ReplaySetup base, Side old, Side now, boolean causal, ReplayRun.Progress progress) {
    this.base = base.copy();
    this.old = old;
    this.now = now;
    this.causal = causal;
    this.progress = progress;
    four = new RulesetDiff(Family.IPV4, old.four, now.four, edits);
    six = new RulesetDiff(Family.IPV6, old.six, now.six, edits);
    sets = other(Edit.Kind.SETS, old.setsText, now.setsText, "the IP sets differ");
    host = other(Edit.Kind.HOST, old.hostText, now.hostText, "the hosts differ");
    this.base.mention(
        Stream.of(old.four, old.six, now.four, now.six).filter(Objects::nonNull).toList());
  }

  private Edit other(Edit.Kind kind, String before, String after, String words) {
    if (before.equals(after)) {
      return null;
    }
    Edit edit = new Edit(edits.size(), kind, "", "", "", null, null, words);
    edits.add(edit);
    return edit;
  }

  /** The edits that lead from the old to the new. */
  public List<Edit> edits() {
    return List.copyOf(edits);
  }

  private Versions versions(boolean after) {
    Side side = after ? now : old;
    return new Versions(four.version(after), six.version(after), side.sets, side.host);
  }

  /** What is between old and new; null where the rules would jump in circles. */
  private Versions versions(BitSet made) {
    Version v4 = four.apply(made);
    Version v6 = six.apply(made);
    if (v4 == null || v6 == null) {
      return null;
    }
    boolean newSets = sets != null && made.get(sets.id());
    boolean newHost = host != null && made.get(host.id());
    return new Versions(v4, v6, (newSets ? now : old).sets, (newHost ? now : old).host);
  }

  private SideRun side(Versions versions, int index, Conversations conversations) {
    ReplayRun run =
        base.copy()
            .host(versions.host())
            .sets(versions.sets())
            .rules4(versions.ipv4().ruleset())
            .rules6(versions.ipv6().ruleset())
            .build();
    return new SideRun(run, index, conversations, versions, causal);
  }

  /**
   * Runs both, and as many between them as it takes.
   *
   * @throws IOException where a capture cannot be opened
   */
  public DiffResult run() throws IOException {
    Conversations conversations = new Conversations(2);
    List<SideRun> sides = leading(conversations);
    read(sides, conversations, true);
    List<Conversation> changed =
        conversations.all().stream().filter(c -> c.change != null).toList();
    Blame blame = new Blame(changed, edits.size(), this::tryOut);
    List<Cause> causes = changed.isEmpty() ? List.of() : blame.causes(edits);
    return new DiffResult(
        edits(),
        causes,
        changed,
        conversations.all().size(),
        sides.get(OLD).run,
        sides.get(NEW).run,
        causal,
        readings);
  }

  private List<SideRun> leading(Conversations conversations) {
    List<SideRun> sides = new ArrayList<>();
    sides.add(side(versions(false), OLD, conversations));
    sides.add(side(versions(true), NEW, conversations));
    return sides;
  }

  private void read(List<SideRun> sides, Conversations conversations, boolean first)
      throws IOException {
    readings++;
    LockStep.run(
        sides.stream().map(side -> side.run).toList(),
        progress,
        () -> {
          sides.forEach(SideRun::settle);
          Conversation c = conversations.current();
          if (first && c != null) {
            c.compare(conversations.frame(), sides.get(OLD).state, sides.get(NEW).state);
          }
        });
  }

  /** What becomes of the changed conversations with some of the edits made, for each choice. */
  private List<Blame.Signatures> tryOut(List<BitSet> choices, List<Conversation> changed)
      throws IOException {
    List<Blame.Signatures> results = new ArrayList<>();
    for (int from = 0; from < choices.size(); from += AT_ONCE) {
      List<BitSet> some = choices.subList(from, Math.min(choices.size(), from + AT_ONCE));
      Conversations conversations = new Conversations(2 + some.size());
      List<SideRun> sides = leading(conversations);
      int[] index = new int[some.size()];
      for (int i = 0; i < some.size(); i++) {
        Versions versions = versions(some.get(i));
        index[i] = versions == null ? -1 : sides.size();
        if (versions != null) {
          sides.add(side(versions, sides.size(), conversations));
        }
      }
      read(sides, conversations, false);
      for (int i : index) {
        results.add(i < 0 ? null : Blame.Signatures.of(conversations.all(), changed, i));
      }
    }
    return results;
  }
}
