package org.fwreplay.conntrack;

/**
 * What every packet of a connection looks at or changes, and what its beginning and its end do.
 * Fields of a class lie before those of its subclasses, so that all of it is in two lines of memory
 * or three: connections are too many for caches, and a line that is not there takes as long as half
 * of all else that is done for a packet.
 */
abstract class ConnectionHead {
  public final Tuple original = new Tuple((Connection) this, Connection.ORIGINAL);
  public final Tuple reply = new Tuple((Connection) this, Connection.REPLY);

  /** Number of this connection in the run, from 1. */
  public long id;

  /** When the entry expires, in the packet clock's ns; before confirmation a duration. */
  public long expiresNs;

  /** The second in which {@link TimerWheel} looks at it, by its beginning, ns. */
  long timerNs = Long.MIN_VALUE;

  /** UDP: when a second packet in the original direction makes it a stream. */
  public long udpStreamNs;

  /** When its first packet came, ns. */
  public long startNs;

  public int status;
  public int mark;

  /** What happened since the last event was told: bits of {@link CtEvent}. */
  public int events;

  /** TCP's own state; only TCP's connections are sure to have one. */
  public TcpState tcp;

  /** What the helper needs; null without one. */
  public ConnectionHelp help;

  /** In the table: its number there, and the hashes of its tuples. */
  int number;

  int hash;
  int replyHash;

  /** The connection that expected this one, or null. */
  public Connection master;

  /** Whether others have this one as their {@link #master}: it is not used again. */
  boolean hasChildren;

  /** Whether it is on the list of those to look at when the frame is through. */
  boolean loose;

  /** Whether its time runs; it may be linked where it does not. */
  boolean timed;

  /** Intrusive links of the timer wheel. */
  Connection timerNext;

  Connection timerPrevious;

  /** Its list in NAT's index by source, -1 for none. */
  int bySourceBucket = -1;

  /** Free for those who observe a run: the flow record of this connection. */
  public Object observed;

  /** Free for the hooks: what they remember of each direction; outlives the connection. */
  private Object remembered;

  private Object rememberedReply;

  ConnectionHead() {}

  /** Whether all given status bits are set. */
  public boolean is(int bits) {
    return (status & bits) == bits;
  }

  /** Whether any given status bit is set. */
  public boolean isAny(int bits) {
    return (status & bits) != 0;
  }

  /** What the hooks remember of a direction, maybe of a connection that had this object before. */
  public Object remembered(int direction) {
    return direction == Connection.ORIGINAL ? remembered : rememberedReply;
  }

  /** Has something remembered of a direction. */
  public void remember(int direction, Object what) {
    if (direction == Connection.ORIGINAL) {
      remembered = what;
    } else {
      rememberedReply = what;
    }
  }
}
