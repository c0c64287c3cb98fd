package org.fwreplay.conntrack;

import java.util.function.Consumer;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/** Connection tracking of a run: nf_conntrack_core. */
public final class Conntrack {
  /** The packet goes on; it may have no connection (INVALID). */
  public static final int ACCEPT = 1;

  /** The packet is dropped. */
  public static final int DROP = 0;

  /** A tracker's answer: not a valid part of its connection. */
  static final int INVALID = -1;

  /** A tracker's answer: the entry is gone, look up again. */
  static final int REPEAT = -4;

  private final ConntrackSettings settings;
  private final ConntrackTable table;
  private final TcpTracker tcp;
  private final UdpTracker udp;
  private final SctpTracker sctp;
  private final IcmpTracker icmp;
  private final GreTracker gre;
  private final Expectations expectations;
  private final ConnectionLife life;
  private final HelperTable helpers;
  private final GreKeymap greKeymap = new GreKeymap();
  private final Tuple key = new Tuple();
  private final Tuple inverse = new Tuple();
  private boolean shiftsSequences;
  private boolean accounting;
  private boolean sawDccp;

  /** Connection tracking with the given settings; the seed only spreads the hash. */
  public Conntrack(ConntrackSettings settings, int seed) {
    this.settings = settings;
    this.table = new ConntrackTable(seed);
    this.helpers = new HelperTable(settings.helperByPort);
    this.accounting = settings.accounting;
    this.tcp = new TcpTracker(this, settings);
    this.udp = new UdpTracker(this, settings);
    this.sctp = new SctpTracker(this, settings);
    this.icmp = new IcmpTracker(this, settings);
    this.gre = new GreTracker(this, settings);
    this.expectations = new Expectations(this, settings.expectMax);
    this.life = new ConnectionLife(table, settings.buckets, expectations);
  }

  /** Who is told of events; one listener. */
  public void listen(ConntrackListener listener) {
    life.listen(listener);
  }

  public ConntrackListener listener() {
    return life.listener();
  }

  /** The connections that helpers wait for. */
  public Expectations expectations() {
    return expectations;
  }

  /** The helpers there are; none unless somebody registers them. */
  public HelperTable helpers() {
    return helpers;
  }

  /** The source keys of PPTP's GRE packets. */
  public GreKeymap greKeymap() {
    return greKeymap;
  }

  /** Moves the clock; entries whose time has come leave the table. */
  public void advance(long ns) {
    life.advance(ns);
  }

  /** The packet clock's time, ns. */
  public long nowNs() {
    return life.nowNs();
  }

  /** Whether connections are counted ({@code nf_conntrack_acct}). */
  public boolean accounting() {
    return accounting;
  }

  /** Forces packet counting on, as rules with connbytes do. */
  public void enableAccounting() {
    accounting = true;
  }

  /** How many connections there are, unconfirmed ones included. */
  public int count() {
    return life.count();
  }

  /**
   * Tracks a packet at PREROUTING or OUTPUT: {@code nf_conntrack_in}. Fills {@link Packet#tracked}
   * and {@link Packet#trackInfo}.
   *
   * @return {@link #ACCEPT} or {@link #DROP}
   */
  public int in(Packet p, Hook hook) {
    Connection template = Connection.of(p);
    if (p.trackInfo == CtInfo.UNTRACKED || template != null && !template.is(Connection.TEMPLATE)) {
      return ACCEPT;
    }
    p.tracked = null;
    p.trackInfo = 0;
    if (p.protocol < 0 || p.fragmentOffset != 0 || p.ipv6 && p.protocol == Protocols.NONE) {
      return ACCEPT;
    }
    boolean isIcmp = p.protocol == Protocols.ICMP || p.protocol == Protocols.ICMPV6;
    if (isIcmp && icmp.isDone(p, template, hook)) {
      return ACCEPT;
    }
    int verdict;
    do {
      verdict = track(p, template, hook);
    } while (verdict == REPEAT);
    return verdict;
  }

  private int track(Packet p, Connection template, Hook hook) {
    if (!resolve(p, template)) {
      return DROP;
    }
    Connection ct = Connection.of(p);
    if (ct == null) {
      return ACCEPT;
    }
    int info = p.trackInfo;
    int answer = judge(ct, p, info, hook);
    if (answer != ACCEPT) {
      p.tracked = null;
      p.trackInfo = 0;
      return answer == INVALID ? ACCEPT : answer;
    }
    if (info == CtInfo.ESTABLISHED_REPLY && !ct.is(Connection.SEEN_REPLY)) {
      ct.status |= Connection.SEEN_REPLY;
      changed(ct, CtEvent.REPLY);
    }
    return ACCEPT;
  }

  private int judge(Connection ct, Packet p, int info, Hook hook) {
    switch (ct.original.protocol) {
      case Protocols.TCP:
        return tcp.packet(ct, p, info, hook);
      case Protocols.UDP, Protocols.UDPLITE:
        return udp.packet(ct, p, info, hook);
      case Protocols.ICMP, Protocols.ICMPV6:
        return icmp.packet(ct, p, info);
      case Protocols.SCTP:
        return sctp.packet(ct, p, info, hook);
      case Protocols.GRE:
        return gre.packet(ct, p, info);
      default:
        sawDccp |= ct.original.protocol == Protocols.DCCP;
        refresh(ct, CtInfo.direction(info), p, settings.generic);
        return ACCEPT;
    }
  }

  /** Whether there was DCCP: kernels before 6.16 know its states, which are not modelled. */
  public boolean sawDccp() {
    return sawDccp;
  }

  // -- looking up and making ---------------------------------------------------------------------

  private static int zoneOf(Connection template, Packet p, int direction) {
    boolean counts =
        template != null && (template.extension().zoneDirections & 1 << direction) != 0;
    return counts ? zoneOf(template, p) : 0;
  }

  private static int zoneOf(Connection template, Packet p) {
    return template.extension().zoneFromMark ? p.mark & 0xffff : template.zone;
  }

  /** The entry of a tuple in the zones that the packet's template gives, or null. */
  Tuple find(Tuple t, Packet p, Connection template) {
    int original = zoneOf(template, p, Connection.ORIGINAL);
    return find(t, original, zoneOf(template, p, Connection.REPLY));
  }

  /** {@code resolve_normal_ct}; false where the table is full. */
  private boolean resolve(Packet p, Connection template) {
    if (!TupleReader.read(p, key, greKeymap)) {
      return true;
    }
    Tuple found = find(key, p, template);
    if (found == null) {
      if (!TupleReader.invert(key, inverse)) {
        return true;
      }
      Connection made = make(key, inverse, p, template);
      if (made == null) {
        return false;
      }
      found = made.original;
    }
    Connection ct = found.connection;
    p.tracked = ct;
    if (found.direction == Connection.REPLY) {
      p.trackInfo = CtInfo.ESTABLISHED_REPLY;
    } else if (ct.is(Connection.SEEN_REPLY)) {
      p.trackInfo = CtInfo.ESTABLISHED;
    } else {
      p.trackInfo = ct.is(Connection.EXPECTED) ? CtInfo.RELATED : CtInfo.NEW;
    }
    return true;
  }

  private Connection make(Tuple original, Tuple reply, Packet p, Connection template) {
    int replyZone = zoneOf(template, p, Connection.REPLY);
    table.fetch(reply, replyZone);
    if (settings.max != 0 && life.count() >= settings.max && !life.evict(original)) {
      return null;
    }
    Connection ct = life.begin(original, reply);
    ct.original.zone = zoneOf(template, p, Connection.ORIGINAL);
    ct.reply.zone = replyZone;
    if (template != null) {
      ct.zone = zoneOf(template, p);
      ct.extend().zoneDirections = template.extension().zoneDirections;
      ct.extend().eventMask = template.extension().eventMask;
    }
    Expectation expectation = expectations.count() == 0 ? null : expectations.take(ct.original);
    if (expectation != null) {
      fulfil(expectation, ct);
    } else {
      helpers.choose(ct, template);
    }
    return ct;
  }

  private void fulfil(Expectation e, Connection ct) {
    ct.status |= Connection.EXPECTED;
    ct.master = e.master;
    e.master.hasChildren = true;
    ct.mark = e.master.mark;
    if (e.assignHelper != null) {
      HelperTable.assign(ct, e.assignHelper);
    }
    life.listener().fulfilled(e, ct);
    if (e.function != null) {
      e.function.expected(ct, e);
    }
  }

  /** The entry of a tuple in its zone, or null; expired ones are not found and leave the table. */
  public Tuple find(Tuple t) {
    return find(t, t.zone, t.zone);
  }

  /** The entry of a tuple in the zones of a connection: {@code nf_conntrack_find_get}. */
  public Tuple find(Tuple t, Connection own) {
    return find(t, own.original.zone, own.reply.zone);
  }

  private Tuple find(Tuple t, int original, int reply) {
    Tuple found = life.unexpired(table.find(t, original, original, reply));
    return found == null && original != reply
        ? life.unexpired(table.find(t, reply, original, reply))
        : found;
  }

  /** Fills {@code into} with the packet's tuple; false where the packet has none. */
  public boolean tupleOf(Packet packet, Tuple into) {
    return TupleReader.read(packet, into, greKeymap);
  }

  /**
   * Whether an entry other than {@code own} has the tuple: {@code nf_conntrack_tuple_taken}. An
   * entry with the same original tuple does not count.
   */
  public boolean isTaken(Tuple reply, Connection own) {
    int zone = own.reply.zone;
    Tuple found = life.unexpired(table.find(reply, zone, own.original.zone, zone));
    if (found == null || found.connection == own) {
      return false;
    }
    Tuple other = found.connection.original;
    return !(own.original.sameKey(other) && own.original.zone == other.zone);
  }

  /**
   * Connections with the same original source as this one's, newest first; see {@link
   * #nextBySource}.
   */
  public Connection firstBySource(Tuple original) {
    return table.firstBySource(original);
  }

  /** The next connection of {@link #firstBySource}; others may be among them. */
  public Connection nextBySource(Connection ct) {
    return ct.bySourceNext;
  }

  /** Makes the connection findable by its source, for NAT. */
  public void insertBySource(Connection ct) {
    table.insertBySource(ct);
  }

  // -- life --------------------------------------------------------------------------------------

  /**
   * What happens to a packet that leaves or is delivered: helper, sequence numbers, confirmation
   * ({@code nf_confirm}).
   *
   * @param loopback whether it comes from the loopback interface
   * @return {@link #ACCEPT} or {@link #DROP}
   */
  public int helpAndConfirm(Packet p, boolean loopback) {
    Connection ct = Connection.of(p);
    if (ct == null || ct.help == null || p.trackInfo == CtInfo.RELATED_REPLY) {
      return confirm(p);
    }
    boolean shifted = ct.is(Connection.SEQ_ADJUST) && !loopback;
    if (ct.help.helper.help(p, ct, p.trackInfo) != ACCEPT
        || shifted && !SequenceAdjuster.adjust(p, ct, p.trackInfo)) {
      return DROP;
    }
    if (p.checksumPartial) {
      TransportChecksums.write(p);
    }
    return confirm(p);
  }

  /**
   * Puts the packet's connection into the table if it is not there, and tells what happened to it:
   * {@code nf_conntrack_confirm}.
   *
   * @return {@link #ACCEPT} or {@link #DROP} (another entry has one of its tuples)
   */
  public int confirm(Packet p) {
    return life.confirm(p);
  }

  /** Renews the timeout and counts the packet: {@code nf_ct_refresh_acct}. */
  void refresh(Connection ct, int direction, Packet p, long timeoutNs) {
    refresh(ct, timeoutNs);
    account(ct, direction, p);
  }

  /** Renews the timeout only: {@code nf_ct_refresh}. */
  public void refresh(Connection ct, long timeoutNs) {
    if (!ct.is(Connection.FIXED_TIMEOUT)) {
      setTimeout(ct, timeoutNs);
    }
  }

  /** Until the connection is confirmed its time does not run. */
  void setTimeout(Connection ct, long timeoutNs) {
    life.setTimeout(ct, timeoutNs);
  }

  void account(Connection ct, int direction, Packet p) {
    if (accounting) {
      ct.count(direction, 1, p.length());
    }
  }

  /** Takes a connection out of the table: {@code nf_ct_kill}; false if it was dying already. */
  public boolean kill(Connection ct) {
    return life.kill(ct);
  }

  /** Counts the packet and takes the connection out: {@code nf_ct_kill_acct}. */
  public void killCounting(Connection ct, Packet p) {
    account(ct, CtInfo.direction(p.trackInfo), p);
    kill(ct);
  }

  /** A reset was sent in the peers' names: {@code nf_conntrack_tcp_set_closing}. */
  public void setClosing(Connection ct) {
    if (ct == null || ct.original.protocol != Protocols.TCP || !ct.is(Connection.CONFIRMED)) {
      return;
    }
    int before = ct.tcp.state;
    ct.tcp.state = TcpTracker.CLOSE;
    if (before != TcpTracker.CLOSE && !ct.is(Connection.FIXED_TIMEOUT)) {
      setTimeout(ct, settings.tcp[TcpTracker.CLOSE]);
      changed(ct, CtEvent.PROTOCOL);
    }
  }

  /**
   * Notes that something changed ({@code nf_conntrack_event_cache}). It is told when a packet of
   * the connection is confirmed, together with all else that changed until then.
   *
   * @param event bits of {@link CtEvent}
   */
  public void changed(Connection ct, int event) {
    ct.events |= event;
  }

  /**
   * The end of a frame's way: connections that were never confirmed or have ended may be used
   * again.
   *
   * @param held whether packets of this frame still wait somewhere (their connections are kept)
   */
  public void endFrame(boolean held) {
    life.endFrame(held);
  }

  /** Whether NAT helpers have shifted sequence numbers of any connection. */
  public boolean shiftsSequences() {
    return shiftsSequences;
  }

  /** Sequence numbers that NAT helpers have shifted: {@code nf_ct_seq_offset}. */
  public static int sequenceOffset(Connection ct, int direction, int sequence) {
    return ct.help == null ? 0 : ct.help.adjustment(direction).offset(sequence);
  }

  /**
   * By how much an acknowledgment in this direction is shifted back, since NAT helpers have shifted
   * the sequence numbers that it is about.
   */
  public static int acknowledgmentOffset(Connection ct, int direction, int acknowledgment) {
    return ct.help == null ? 0 : ct.help.adjustment(1 - direction).acknowledged(acknowledgment);
  }

  /**
   * A segment's payload grew ({@code by > 0}) or shrank: those after it get other sequence numbers
   * ({@code nf_ct_seqadj_set}).
   */
  public void adjustSequence(Connection ct, int info, int sequence, int by) {
    if (by != 0) {
      shiftsSequences = true;
      ct.status |= Connection.SEQ_ADJUST;
      ct.help.adjustment(CtInfo.direction(info)).add(sequence, by);
    }
  }

  /** Calls with every connection in the table that has not expired. */
  public void forEach(Consumer<Connection> consumer) {
    life.forEach(consumer);
  }

  /** Likewise, also with those that have expired and that nobody has noticed yet. */
  public void forEachHeld(Consumer<Connection> consumer) {
    life.forEachHeld(consumer);
  }
}
