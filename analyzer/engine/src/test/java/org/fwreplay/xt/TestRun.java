package org.fwreplay.xt;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.host.Host;
import org.fwreplay.host.Router;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;

/** A run for tests of matches: binds them and asks them about packets. */
public final class TestRun extends NoServices {
  private static final Extensions EXTENSIONS = Extensions.load();

  private final Conntrack conntrack;
  private final Host host;
  private final Router router;
  private final Map<String, Object> shared = new HashMap<>();

  /** A run without connection tracking, on no particular host. */
  public TestRun() {
    this(null, null);
  }

  /** A run with connection tracking or host; null for none. */
  public TestRun(Conntrack conntrack, Host host) {
    this.conntrack = conntrack;
    this.host = host;
    router = host == null ? null : host.newRouter();
  }

  /** Gives what matches ask for with that key. */
  void share(String key, Object state) {
    shared.put(key, state);
  }

  /** A bound match. */
  public final class Bound {
    private final PacketMatch match;
    private final Matcher matcher;
    private final boolean hasProtocol;

    private Bound(PacketMatch match, Matcher matcher, boolean hasProtocol) {
      this.match = match;
      this.matcher = matcher;
      this.hasProtocol = hasProtocol;
    }

    /** Whether it matches a packet; it must not drop it. */
    public boolean matches(Packet packet) {
      Evaluation evaluation = evaluation(packet);
      boolean result = matcher.matches(packet, evaluation);
      if (evaluation.hotDrop) {
        throw new AssertionError("the match dropped the packet");
      }
      return result;
    }

    /** What it sees of a packet. */
    public String sees(Packet packet) {
      return match.seen(packet, evaluation(packet));
    }

    /** Whether it drops a packet; it must not say at once that it matches. */
    public boolean drops(Packet packet) {
      Evaluation evaluation = evaluation(packet);
      boolean result = matcher.matches(packet, evaluation);
      if (result && evaluation.hotDrop) {
        throw new AssertionError("the match dropped the packet and matched it");
      }
      return evaluation.hotDrop;
    }

    /** What the walk through a table tells a match; see {@link Evaluation}. */
    private Evaluation evaluation(Packet packet) {
      Evaluation evaluation = new Evaluation(TestRun.this);
      boolean looked = hasProtocol || !packet.ipv6;
      evaluation.family = packet.ipv6 ? Family.IPV6 : Family.IPV4;
      evaluation.hook = Hook.FORWARD;
      evaluation.table = "filter";
      evaluation.in = packet.in;
      evaluation.out = packet.out;
      evaluation.transport = looked ? packet.transport : packet.network;
      evaluation.fragmentOffset = looked ? packet.fragmentOffset : 0;
      return evaluation;
    }
  }

  /** An IPv4 match: the extension's name, then its options. */
  public Bound match(String text) {
    return match(Family.IPV4, text);
  }

  /** An IPv6 match. */
  public Bound match6(String text) {
    return match(Family.IPV6, text);
  }

  private Bound match(Family family, String text) {
    String name = text.split(" ")[0];
    MatchExtension extension = EXTENSIONS.match(name, family);
    Arguments arguments = OptionsText.read(extension, family, text.substring(name.length()).trim());
    PacketMatch match = extension.parse(arguments);
    Matcher matcher = match.bind(new TestBinding(family));
    return new Bound(match, matcher, arguments.protocol() != 0);
  }

  private final class TestBinding implements Binding {
    private final Family family;

    TestBinding(Family family) {
      this.family = family;
    }

    @Override
    public Host host() {
      return host;
    }

    @Override
    public Router router() {
      return router;
    }

    @Override
    public Family family() {
      return family;
    }

    @Override
    public <T> T shared(Class<T> type, String key, Supplier<T> make) {
      return type.cast(shared.computeIfAbsent(key, k -> make.get()));
    }

    @Override
    public SplittableRandom random() {
      return new SplittableRandom(1);
    }

    @Override
    public String table() {
      return "filter";
    }
  }

  @Override
  public Conntrack conntrack() {
    return conntrack;
  }
}
