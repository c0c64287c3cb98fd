package org.fwreplay.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.fwreplay.capture.CaptureMerger;
import org.fwreplay.capture.CaptureProblem;
import org.fwreplay.capture.CaptureReader;
import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.Captures;
import org.fwreplay.capture.ReaderKind;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.hook.Fate;
import org.fwreplay.hook.Netfilter;
import org.fwreplay.hook.Sockets;
import org.fwreplay.host.Host;
import org.fwreplay.host.Router;
import org.fwreplay.ipset.IpSets;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.rule.BindingContext;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.InterfaceMatch;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.xt.QueueAnswer;

/**
 * One run of captures through a host and its rulesets. Made by its {@link Builder}, run once, asked
 * afterwards.
 */
public final class ReplayRun {
  private final Builder setup;
  private final Host host;
  private final GuessedHost guessed;
  private final BoundRuleset four;
  private final BoundRuleset six;
  private final IpSets sets;
  private final Netfilter netfilter;
  private final Sockets sockets;
  private final Listeners listener = new Listeners();
  private final FrameReader frames;
  private final ReplayClock clock = new ReplayClock();
  private final List<CaptureProblem> problems = new ArrayList<>();
  private final List<CaptureRead> reads = new ArrayList<>();
  private Progress progress = (done, total) -> {};
  private long frameCount;
  private long notIp;
  private long firstNs = Long.MAX_VALUE;
  private long lastNs = Long.MIN_VALUE;

  /** Is told now and then how far the run is. */
  @FunctionalInterface
  public interface Progress {
    /**
     * So far.
     *
     * @param done bytes of the captures read
     * @param total bytes there are, or -1 where nobody knows
     */
    void at(long done, long total);
  }

  /** What a run needs. */
  public static final class Builder {
    private Host host;
    private Ruleset four;
    private Ruleset six;
    private Sockets sockets;
    private SetFile sets = SetFile.EMPTY;
    private long seed;
    private boolean undecidedMatches;
    private IntFunction<QueueAnswer> queues = number -> null;
    private ReaderKind reader = ReaderKind.OWN;
    private final List<ReplayInput> inputs = new ArrayList<>();

    /** The host; without one it is made up from names and addresses. */
    public Builder host(Host host) {
      this.host = host;
      return this;
    }

    /** The IPv4 ruleset, or null. */
    public Builder rules4(Ruleset rules) {
      this.four = rules;
      return this;
    }

    /** The IPv6 ruleset, or null. */
    public Builder rules6(Ruleset rules) {
      this.six = rules;
      return this;
    }

    /** What listens on the host; without it that is guessed, see {@link Sockets}. */
    public Builder sockets(Sockets sockets) {
      this.sockets = sockets;
      return this;
    }

      return this;
    }

    /** The IP sets that rules look into; see also {@link ReplayRun#sets}. */
    public Builder sets(SetFile sets) {
      this.sets = sets;
