package org.fwreplay.diff;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.replay.ReplayListener;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;

/** One ruleset's run among those in lock step. */
final class SideRun implements ReplayListener {
  final ReplayRun run;
  final FrameState state = new FrameState();
  private final int index;
  private final Conversations conversations;
  private final int[][] slots;

  /** Only the old and the new ruleset say what belongs together. */
  private final boolean isLeading;

  private Packet current;

  /**
   * A run that has not started.
   *
   * @param versions null where nobody asks which rules are the same
   */
  SideRun(
      ReplayRun run, int index, Conversations conversations, Versions versions, boolean causal) {
    this.run = run;
    this.index = index;
    this.conversations = conversations;
    isLeading = index < 2;
    slots = versions == null ? null : new int[][] {versions.four(run), versions.six(run)};
    run.listen(this);
    if (causal) {
      run.gate(this::wouldBeSent);
    }
  }

  @Override
  public boolean wantsHits() {
    return isLeading && slots != null;
  }

  @Override
  public void frame(Packet p) {
    current = p;
    state.clear();
    if (index == 0) {
      conversations.frame(p, p.local ? "" : name(p.in));
    }
  }

  private String name(int id) {
    return id < 0 ? "" : run.host().networkInterface(id).name();
  }

  private boolean wouldBeSent(Packet p) {
    Conversation c = conversations.current();
    return c == null
        || c.wouldBeSent(index, conversations.isReply(), conversations.flags())
            && (!conversations.isReply() || conversations.answers(c.sides[index].answers));
  }

  @Override
  public void ended(Packet p, Fate fate, Hook hook, int rule) {
    if (p != current) {
      if (p.local && fate.passed()) {
        state.answered(p, name(p.out));
      }
      return;
    }
    if (fate == Fate.NOT_IP || conversations.current() == null) {
      return;
    }
    int family = p.ipv6 ? 1 : 0;
    state.end(p, fate, name(p.out));
    state.rule = rule;
    state.slot = state.rule < 0 || slots == null ? -1 : slots[family][state.rule];
  }

  @Override
  public void hit(boolean ipv6, int place) {
    state.hit(place);
  }

  @Override
  public void logged(Packet p, Evaluation e, LogRequest request) {
    state.logs.add((request.group() < 0 ? "LOG " : "NFLOG ") + request.prefix().strip());
  }

  @Override
  public void created(Connection ct) {
    Conversation c = conversations.current();
    if (c == null) {
      return;
    }
    ct.observed = c;
    if (conversations.isOpener(ct.original)) {
      c.sides[index].answers = new Tuple();
      c.sides[index].answers.set(ct.reply);
    }
    if (!isLeading) {
      return;
    }
    conversations.answersWith(ct.original, ct.reply);
    if (ct.master != null && ct.master.observed instanceof Conversation master && master != c) {
      c.master = master;
    }
  }

  /** All runs have had the frame: what it was goes into its conversation. */
  void settle() {
    Conversation c = conversations.current();
    if (c == null) {
      return;
    }
    Conversation.Side side = c.sides[index];
    boolean passed = state.fate != null && state.fate.passed();
    if (state.fate == null) {
      side.unsent++;
    } else if (passed) {
      side.passed++;
      side.opened |= !conversations.isReply();
      boolean answer = conversations.isReply() && Conversation.isAnswer(conversations.flags());
      side.answerPassed |= answer;
    } else {
      side.blocked++;
    }
    side.fates = FrameState.mix(side.fates, state.fateHash());
    side.whole = FrameState.mix(side.whole, state.wholeHash());
    side.rules = FrameState.mix(side.rules, state.slot + 7L);
  }
}
