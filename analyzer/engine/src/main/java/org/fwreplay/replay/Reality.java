package org.fwreplay.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.hook.Fate;
import org.fwreplay.host.Host;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;

/**
 * Model and reality: holds the frames that left in the captures against those that the run has
 * leave. A frame is looked for among those of the last seconds: a captured one may be a little
 * earlier than the run's, or wait for a neighbour.
 */
public final class Reality implements ReplayListener {
  private static final long SEEN_WAITS_NS = 2_000_000_000L;
  private static final long PREDICTED_WAITS_NS = 4_000_000_000L;

  /** A frame that the run did not let pass. */
  private record Loss(Fate fate, int place, long timeNs) {}

  /** What makes a kind of difference. */
  private record Key(Disagreement.Kind kind, String detail, boolean ipv6, int place) {}

  private final Host host;
  private final Reflection reflection;

  /** What the packet under way leaves as: its way ends behind that. */
  private final List<FrameBytes> leaving = new ArrayList<>();

  private final BitSet observed = new BitSet();
  private final Packet copy = new Packet();

  private final ArrayDeque<FrameBytes> seen = new ArrayDeque<>();
  private final ArrayDeque<FrameBytes> predicted = new ArrayDeque<>();
  private final Map<Long, ArrayDeque<FrameBytes>> seenByBytes = new HashMap<>();
  private final Map<Long, ArrayDeque<FrameBytes>> predictedByBytes = new HashMap<>();
  private final Map<Long, ArrayDeque<FrameBytes>> predictedByLasting = new HashMap<>();
  private final LinkedHashMap<Long, Loss> losses = new LinkedHashMap<>();
  private final Map<Key, Disagreement> kinds = new LinkedHashMap<>();

  private Packet current;
  private boolean currentIsLocal;
  private long currentLasting;
  private FrameBytes reflected;
  private long left;
  private long exact;
  private long exactMadeUp;
  private long madeUp;

  /**
   * A comparison that has not started.
   *
   * @param reflection null where no arrivals are made up
   */
  Reality(Host host, Reflection reflection) {
    this.host = host;
    this.reflection = reflection;
  }

  /**
   * A frame left.
   *
   * @return whether it was turned into its arrival, which is to be fed in
   */
  boolean departed(Packet p) {
    forget(p.timeNs);
    Packet whole = FrameBytes.decoded(p, copy);
    if (whole == null || p.out < 0 || p.out == host.loopback()) {
      return false;
    }
    observed.set(p.out);
    left++;
    FrameBytes frame = new FrameBytes(whole, p.out);
    if (matches(frame)) {
      return false;
    }
    seen.add(frame);
    put(seenByBytes, frame.whole, frame);
    put(seenByBytes, ~frame.withoutChance, frame);
    if (reflection == null || !reflection.undo(whole)) {
      return false;
    }
    frame.reflected = true;
    reflected = frame;
    madeUp++;
    boolean local = whole.local;
    int in = whole.in;
    p.copyFrom(whole);
    p.mac = -1;
    p.local = local;
    p.in = in;
    p.checksumVerified = true;
    return true;
  }

  /** Whether the run had just that frame leave. */
  private boolean matches(FrameBytes frame) {
    FrameBytes same = take(predictedByBytes, frame.whole);
    if (same == null) {
      same = take(predictedByBytes, ~frame.withoutChance);
    }
    if (same != null) {
      agree(frame, same);
    }
    return same != null;
  }

  private void agree(FrameBytes real, FrameBytes model) {
    real.matched = true;
    model.matched = true;
    if (real.hasOtherMac(model)) {
      differs(real, model);
    } else {
      exact++;
      exactMadeUp += real.reflected ? 1 : 0;
    }
  }

  @Override
  public boolean wantsFrames() {
    return true;
  }

  @Override
  public void frame(Packet p) {
    forget(p.timeNs);
    current = p;
    currentIsLocal = p.local;
    Packet whole = FrameBytes.decoded(p, copy);
    currentLasting =
        reflected != null ? reflected.lasting : whole == null ? 0 : FrameBytes.lasting(whole);
    reflected = null;
  }

  @Override
  public void ended(Packet p, Fate fate, Hook hook, int rule) {
    for (FrameBytes each : leaving) {
      each.place = rule;
    }
    leaving.clear();
    boolean lost = p == current && fate != Fate.FORWARDED && fate != Fate.SENT;
    if (lost && fate != Fate.NOT_IP && fate != Fate.FRAGMENT_HELD && fate != Fate.OTHER_HOST) {
      losses.remove(currentLasting);
      losses.put(currentLasting, new Loss(fate, rule, p.timeNs));
    }
  }

  @Override
  public void left(Packet p) {
    Packet whole = FrameBytes.decoded(p, copy);
    if (whole == null) {
      return;
    }
    FrameBytes frame = new FrameBytes(whole, p.out);
    frame.made = p.local && !(p == current && currentIsLocal);
    long key = frame.made ? ~frame.withoutChance : frame.whole;
    FrameBytes real = take(seenByBytes, key);
    if (real != null) {
      agree(real, frame);
      return;
    }
    leaving.add(frame);
    predicted.add(frame);
    put(predictedByBytes, key, frame);
    put(predictedByLasting, frame.lasting, frame);
  }

  // -- judging -----------------------------------------------------------------------------------

  /** Judges what was not found again for long enough. */
  private void forget(long nowNs) {
    while (!seen.isEmpty() && seen.peek().timeNs < nowNs - SEEN_WAITS_NS) {
      FrameBytes frame = seen.poll();
      drop(seenByBytes, frame.whole, frame);
      drop(seenByBytes, ~frame.withoutChance, frame);
      if (!frame.matched) {
        judge(frame);
      }
    }
    while (!predicted.isEmpty() && predicted.peek().timeNs < nowNs - PREDICTED_WAITS_NS) {
      FrameBytes frame = predicted.poll();
      drop(predictedByBytes, frame.made ? ~frame.withoutChance : frame.whole, frame);
      drop(predictedByLasting, frame.lasting, frame);
      if (!frame.matched && observed.get(frame.out)) {
        note(Disagreement.Kind.NOT_SEEN, "", frame, frame.place, "", "");
      }
    }
    Iterator<Loss> old = losses.values().iterator();
    while (old.hasNext() && old.next().timeNs < nowNs - PREDICTED_WAITS_NS) {
      old.remove();
    }
  }

  private void judge(FrameBytes real) {
    FrameBytes near = near(real);
    if (near != null && near.out == real.out) {
      near.matched = true;
      differs(real, near);
      return;
    }
    if (near != null) {
      near.matched = true;
      String there = host.networkInterface(near.out).name();
      note(Disagreement.Kind.ELSEWHERE, there, real, near.place, "", there);
      return;
    }
    Loss loss = losses.get(real.lasting);
    if (loss != null) {
      note(Disagreement.Kind.LOST, loss.fate.text(), real, loss.place, "", loss.fate.text());
      return;
    }
    boolean own = FieldDifference.isFromHost(real, host);
    note(own ? Disagreement.Kind.OWN : Disagreement.Kind.NO_ARRIVAL, "", real, -1, "", "");
  }

  /**
   * A frame of the run that is the same packet: if possible one that left by the same interface.
   */
  private FrameBytes near(FrameBytes real) {
    FrameBytes found = null;
    for (FrameBytes each : predictedByLasting.getOrDefault(real.lasting, NONE)) {
      boolean free = !each.matched && each.ipv6 == real.ipv6 && each.protocol == real.protocol;
      if (free && (found == null || each.out == real.out && found.out != real.out)) {
        found = each;
      }
    }
    return found;
  }

  private void differs(FrameBytes real, FrameBytes model) {
    FieldDifference field = FieldDifference.between(real, model);
    note(
        Disagreement.Kind.DIFFERS,
        field.field(),
        real,
        model.place,
        field.seen(),
        field.predicted());
  }

  private void note(
      Disagreement.Kind kind, String detail, FrameBytes at, int place, String saw, String said) {
    Key key = new Key(kind, detail, at.ipv6, place);
    Disagreement before = kinds.get(key);
    Disagreement.Example first =
        before != null
            ? before.first()
            : new Disagreement.Example(
                at.frame, at.timeNs, at.out, FieldDifference.ends(at), saw, said);
    long frames = before == null ? 1 : before.frames() + 1;
    kinds.put(key, new Disagreement(kind, detail, at.ipv6, place, frames, first));
  }

  // -- queues by a number ------------------------------------------------------------------------

  private static final ArrayDeque<FrameBytes> NONE = new ArrayDeque<>();

  private static void put(Map<Long, ArrayDeque<FrameBytes>> map, long key, FrameBytes frame) {
    map.computeIfAbsent(key, k -> new ArrayDeque<>(2)).add(frame);
  }

  private static void drop(Map<Long, ArrayDeque<FrameBytes>> map, long key, FrameBytes frame) {
    ArrayDeque<FrameBytes> queue = map.get(key);
    if (queue != null) {
      queue.remove(frame);
      if (queue.isEmpty()) {
        map.remove(key);
      }
    }
  }

  /** The oldest that is not matched, or null. */
  private static FrameBytes take(Map<Long, ArrayDeque<FrameBytes>> map, long key) {
    for (FrameBytes each : map.getOrDefault(key, NONE)) {
      if (!each.matched) {
        return each;
      }
    }
    return null;
  }

  /** The captures are at their end. */
  void finish() {
    forget(Long.MAX_VALUE);
  }

  /** What was taken for granted, a sentence each. */
  List<String> assumptions() {
    List<String> all = new ArrayList<>();
    if (left > 0) {
      all.add(
          left
              + " frames left the firewall at "
              + String.join(", ", interfaces())
              + ": they are compared with what leaves here, not fed in");
    }
    if (madeUp > 0) {
      all.add(
          madeUp
              + " of them stand for an arrival that no capture holds, which was made up"
              + " (--reflect)");
    }
    return all;
  }

  // -- results -----------------------------------------------------------------------------------

  /** Names of the interfaces at which the captures hold what left. */
  public List<String> interfaces() {
    return observed.stream().mapToObj(id -> host.networkInterface(id).name()).toList();
  }

  /** Name of an interface. */
  public String interfaceName(int id) {
    return host.networkInterface(id).name();
  }

  /** How many frames left in the captures. */
  public long left() {
    return left;
  }

  /** How many of them the run had leave just so. */
  public long exact() {
    return exact;
  }

  /** How many of those came of arrivals that were made up from them. */
  public long exactMadeUp() {
    return exactMadeUp;
  }

  /** How many arrivals were made up from frames that left. */
  public long madeUp() {
    return madeUp;
  }

  /** What differs, by kind, in the order of the first frame of each. */
  public List<Disagreement> kinds() {
    List<Disagreement> all = new ArrayList<>(kinds.values());
    all.sort(java.util.Comparator.comparingLong(each -> each.first().frame()));
    return all;
  }
}
