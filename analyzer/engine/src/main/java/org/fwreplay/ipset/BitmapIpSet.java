package org.fwreplay.ipset;

import java.util.function.Consumer;
import org.fwreplay.packet.Protocols;

/** A set of one of the bitmap types: a place for every address or port of its range. */
final class BitmapIpSet extends IpSet {
  private static final class Place extends Entry {
    /** A place keeps its counters for who comes next. */
    boolean used;

    /** The MAC address, or {@link Element#NONE} until a packet brings it. */
    long mac = Element.NONE;
  }

  private final SetType type;
  private final long hosts;
  private final Place[] places;

  BitmapIpSet(SetHeader header, IpSets sets, String name) {
    super(header, sets, name);
    type = header.type;
    hosts = header.netmask > 0 ? 1L << 32 - header.netmask : 1;
    places = new Place[(int) ((header.last - header.first + 1) / hosts)];
  }

  @Override
  IpSet copy(IpSets into) {
    BitmapIpSet copy = new BitmapIpSet(header, into, name);
    copy.references = references;
    for (int i = 0; i < places.length; i++) {
      if (places[i] != null) {
        Place place = new Place();
        place.used = places[i].used;
        place.mac = places[i].mac;
        place.copyExtras(places[i]);
        copy.places[i] = place;
      }
    }
    return copy;
  }

  @Override
  Outcome command(Task task, Element e, Extras extras, boolean exist) throws SetException {
    long from = type == SetType.BITMAP_PORT ? e.port : e.lo;
    long to = type == SetType.BITMAP_PORT ? e.portTo : e.to;
    checkRange(from);
    if (task == Task.TEST) {
      Outcome outcome = test(index(from), e.mac, null);
      return outcome == Outcome.LEARN ? Outcome.DONE : outcome;
    }
    if (e.prefix == 0) {
      throw new SetException("prefix length 0 is not taken", "1 to 32");
    }
    if (to == Element.NONE && e.prefix != Element.NONE) {
      long mask = Element.mask4(e.prefix);
      from &= mask;
      to = from | ~mask & 0xffffffffL;
    }
    long last = to == Element.NONE ? from : Math.max(from, to);
    long first = to == Element.NONE ? from : Math.min(from, to);
    checkRange(first);
    checkRange(last);
    for (long at = first; at <= last; at += hosts) {
      Outcome outcome = task == Task.ADD ? add(index(at), e.mac, extras, exist) : delete(index(at));
      if (outcome != Outcome.DONE && !(outcome == Outcome.EXIST && exist)) {
        return outcome;
      }
    }
    return Outcome.DONE;
  }

  private void checkRange(long value) throws SetException {
    if (!isInRange(value)) {
      Element bounds = new Element();
      bounds.lo = value;
      String text =
          type == SetType.BITMAP_PORT
              ? Long.toString(value)
              : org.fwreplay.packet.AddressText.ipv4((int) value);
      String range = headerText().split(" ")[2];
      throw new SetException(text + " is out of the range of set " + name, range);
    }
  }

  private boolean isInRange(long value) {
    return value >= header.first && value <= header.last;
  }

  private int index(long value) {
    return (int) ((value - header.first) / hosts);
  }

  private boolean isFull(Place place) {
    return place != null && place.used;
  }

  private Outcome test(int index, long mac, SetQuery query) {
    Place place = places[index];
    if (!isFull(place)) {
      return Outcome.ABSENT;
    }
    if (type == SetType.BITMAP_IP_MAC) {
      if (mac == Element.NONE || place.mac == Element.NONE) {
        return Outcome.LEARN;
      }
      if (mac != place.mac) {
        return Outcome.ABSENT;
      }
    }
    boolean match = place.matches(header, now(), query, query == null ? 0 : query.flags);
    return match ? Outcome.DONE : Outcome.ABSENT;
  }

  private Outcome add(int index, long mac, Extras extras, boolean exist) {
    if (places[index] == null) {
      places[index] = new Place();
    }
    Place place = places[index];
    boolean learns =
        place.used && type == SetType.BITMAP_IP_MAC && place.mac == Element.NONE && mac >= 0;
    if (place.used && !learns) {
      if (mac >= 0 && exist) {
        place.mac = mac;
      }
      if (!exist && !(header.hasTimeout() && started(place) && place.isExpired(now()))) {
        return Outcome.EXIST;
      }
      place.comment = null;
    }
    boolean fresh = !place.used;
    if (fresh || learns) {
      place.mac = mac;
      place.comment = null;
    }
    place.used = true;
    if (header.hasTimeout()) {
      timeout(place, mac, extras, learns);
    }
    place.initButTimeout(header, extras);
    return Outcome.DONE;
  }

  /** Until its MAC address is known, an element's time does not run: the seconds are kept. */
  private void timeout(Place place, long mac, Extras extras, boolean learns) {
    long seconds = extras.timeout == Extras.UNSET ? header.timeout : extras.timeout;
    if (type == SetType.BITMAP_IP_MAC && learns && seconds == header.timeout) {
      seconds = place.expires;
    }
    if (type == SetType.BITMAP_IP_MAC && mac == Element.NONE && !learns) {
      place.expires = seconds;
    } else {
      place.expireIn(seconds, now());
    }
  }

  private boolean started(Place place) {
    return type != SetType.BITMAP_IP_MAC || place.mac != Element.NONE;
  }

  private Outcome delete(int index) {
    Place place = places[index];
    if (!isFull(place)) {
      return Outcome.EXIST;
    }
    place.used = false;
    place.comment = null;
    return header.hasTimeout() && place.isExpired(now()) ? Outcome.EXIST : Outcome.DONE;
  }

  @Override
  Outcome packet(Task task, SetQuery query) {
    long value;
    long mac = Element.NONE;
    if (type == SetType.BITMAP_PORT) {
      boolean found = query.port(0);
      if (!found || query.protocol != Protocols.TCP && query.protocol != Protocols.UDP) {
        return Outcome.INVALID;
      }
      value = query.port;
    } else {
      value = query.addressLo(0);
    }
    if (!isInRange(value)) {
      return Outcome.INVALID;
    }
    if (type == SetType.BITMAP_IP_MAC) {
      mac = query.mac(1);
      if (mac == Element.NONE) {
        return Outcome.INVALID;
      }
    }
    return switch (task) {
      case ADD -> add(index(value), mac, query.extras, (query.flags & SetQuery.EXIST) != 0);
      case DELETE -> delete(index(value));
      default -> test(index(value), mac, query);
    };
  }

  @Override
  void flush() {
    for (Place place : places) {
      if (place != null) {
        place.used = false;
        place.comment = null;
      }
    }
  }

  @Override
  void elements(Consumer<String> each) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < places.length; i++) {
      Place place = places[i];
      boolean expired =
          isFull(place) && header.hasTimeout() && started(place) && place.isExpired(now());
      if (!isFull(place) || expired) {
        continue;
      }
      out.setLength(0);
      long value = header.first + i * hosts;
      if (type == SetType.BITMAP_PORT) {
        out.append(value);
      } else {
        out.append(org.fwreplay.packet.AddressText.ipv4((int) value));
      }
      if (type == SetType.BITMAP_IP_MAC && place.mac != Element.NONE) {
        ElementText.mac(out.append(','), place.mac);
      }
      place.save(header, now(), started(place), "", out);
      each.accept(out.toString());
    }
  }

  @Override
  String headerText() {
    return header.text(0, 0);
  }
}
