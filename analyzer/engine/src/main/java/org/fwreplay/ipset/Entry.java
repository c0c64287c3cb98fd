package org.fwreplay.ipset;

/** A stored element's extras; hash types add the key. */
class Entry {
  /** Of {@code expires}: never. */
  static final long PERMANENT = 0;

  private static final int TICKS = IpSets.TICKS_PER_SECOND;

  /** The tick in which it expires, or {@link #PERMANENT}. */
  long expires;

  long packets;
  long bytes;
  String comment;
  int mark;
  int markMask;
  int priority;
  int queue;

  /** {@code ip_set_timeout_expired}. */
  final boolean isExpired(long now) {
    return expires != PERMANENT && expires < now;
  }

  final void expireIn(long seconds, long now) {
    expires = seconds == 0 ? PERMANENT : now + seconds * TICKS;
    if (seconds != 0 && expires == PERMANENT) {
      expires--;
    }
  }

  /** Seconds left, at least one; 0 for ever. */
  final long secondsLeft(long now) {
    return expires == PERMANENT ? 0 : Math.max(1, (expires - now) / TICKS);
  }

  /**
   * Counters that are not given stay as they are, also those of an element that was there before.
   */
  final void init(SetHeader header, Extras extras, long now) {
    if (header.hasTimeout()) {
      expireIn(extras.timeout == Extras.UNSET ? header.timeout : extras.timeout, now);
    }
    initButTimeout(header, extras);
  }

  final void initButTimeout(SetHeader header, Extras extras) {
    if (header.counters) {
      bytes = extras.bytes == Extras.UNSET ? bytes : extras.bytes;
      packets = extras.packets == Extras.UNSET ? packets : extras.packets;
    }
    if (header.comments && !extras.target) {
      comment = extras.comment == null || extras.comment.isEmpty() ? null : extras.comment;
    }
    if (header.skbinfo) {
      mark = extras.mark;
      markMask = extras.markMask;
      priority = extras.priority;
      queue = extras.queue;
    }
  }

  final void copyExtras(Entry from) {
    expires = from.expires;
    packets = from.packets;
    bytes = from.bytes;
    comment = from.comment;
    mark = from.mark;
    markMask = from.markMask;
    priority = from.priority;
    queue = from.queue;
  }

  /** {@code ip_set_match_extensions}; a packet is counted, a question is not. */
  final boolean matches(SetHeader header, long now, SetQuery query, int flags) {
    if (header.hasTimeout() && isExpired(now)) {
      return false;
    }
    if (query == null) {
      return true;
    }
    if (header.counters) {
      if ((flags & SetQuery.SKIP_COUNTERS) == 0) {
        bytes += query.packet.length();
        packets++;
      }
      if ((flags & SetQuery.MATCH_COUNTERS) != 0
          && !(query.packets.accepts(packets) && query.bytes.accepts(bytes))) {
        return false;
      }
    }
    if (header.skbinfo) {
      query.mark = mark;
      query.markMask = markMask;
      query.priority = priority;
      query.queue = queue;
    }
    return true;
  }

  /** Writes the extras as {@code ipset save} does, each with a space before it. */
  final void save(SetHeader header, long now, boolean started, String flags, StringBuilder out) {
    if (header.hasTimeout()) {
      out.append(" timeout ").append(started ? secondsLeft(now) : expires);
    }
    out.append(flags);
    if (header.counters) {
      out.append(" packets ").append(Long.toUnsignedString(packets));
      out.append(" bytes ").append(Long.toUnsignedString(bytes));
    }
    if (header.comments && comment != null) {
      out.append(" comment \"").append(comment).append('"');
    }
    if (header.skbinfo) {
      if (mark != 0 || markMask != 0) {
        out.append(" skbmark 0x").append(Integer.toHexString(mark));
        out.append(markMask == -1 ? "" : "/0x" + Integer.toHexString(markMask));
      }
      if (priority != 0) {
        out.append(" skbprio ").append(Integer.toHexString(priority >>> 16));
        out.append(':').append(Integer.toHexString(priority & 0xffff));
      }
      if (queue != 0) {
        out.append(" skbqueue ").append(queue);
      }
    }
  }
}
