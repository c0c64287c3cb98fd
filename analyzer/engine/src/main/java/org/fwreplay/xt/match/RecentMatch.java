package org.fwreplay.xt.match;

import java.util.List;
import java.util.Locale;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m recent}: remembers addresses in lists, and tests whether they were seen of late.
 * xt_recent, libxt_recent.
 *
 * @param seconds how long ago an address may have been seen; 0 for ever
 * @param reap whether the oldest entry is dropped when it is older than {@code seconds}
 * @param hits how often an address must have been seen; 0 for once
 * @param sameTtl whether the TTL must be that of the entry
 * @param list the list's name
 * @param mask applied to addresses before they are looked up
 * @param destination whether the destination address is looked up, not the source
 */
public record RecentMatch(
    Action action,
    boolean inverted,
    long seconds,
    boolean reap,
    int hits,
    boolean sameTtl,
    String list,
    AddressText.Address mask,
    boolean destination)
    implements PacketMatch {

  private static final int MAX_NAME = 199;
  private static final int MAX_HITS = 65_535;

  /** What is done with the address. */
  public enum Action {
    SET,
    RCHECK,
    UPDATE,
    REMOVE;

    private String option() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "recent";
    }

    @Override
    public String summary() {
      return "remembers addresses, and tests whether they were seen of late";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.flag("set").withInversion().excluding("action"),
          Option.flag("rcheck").withInversion().excluding("action"),
          Option.flag("update").withInversion().excluding("action"),
          Option.flag("remove").withInversion().excluding("action"),
          Option.of("seconds", "seconds"),
          Option.flag("reap"),
          Option.of("hitcount", "hits"),
          Option.flag("rttl"),
          Option.of("name", "list"),
          Option.flag("rsource"),
          Option.flag("rdest"),
          Option.of("mask", "netmask"));
    }

    @Override
    public RecentMatch parse(Arguments arguments) {
      Action action = null;
      for (Action candidate : Action.values()) {
        action = arguments.has(candidate.option()) ? candidate : action;
      }
      if (action == null) {
        throw arguments.fail(
            "recent needs one of \"--set\", \"--rcheck\", \"--update\" and \"--remove\"");
      }
      Argument seconds = arguments.find("seconds");
      Argument hits = arguments.find("hitcount");
      Argument mask = arguments.find("mask");
      Family family = arguments.family();
      RecentMatch match =
          new RecentMatch(
              action,
              arguments.inverted(action.option()),
              seconds == null ? 0 : seconds.unsigned(1, 0xffffffffL),
              arguments.has("reap"),
              hits == null ? 0 : (int) hits.unsigned(0, MAX_HITS),
              arguments.has("rttl"),
              name(arguments.find("name")),
              mask == null ? AddressText.Address.hostMask(family) : mask.host(family, mask.text()),
              isDestination(arguments));
      match.check(arguments);
      return match;
    }

    private static String name(Argument argument) {
      if (argument == null) {
        return "DEFAULT";
      }
      String text = argument.text();
      String name = text.substring(0, Math.min(text.length(), MAX_NAME));
      if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/")) {
        throw argument.fail("--name: \"" + text + "\" cannot be the name of a list");
      }
      return name;
    }

    /** Of --rsource and --rdest, the one given last counts. */
    private static boolean isDestination(Arguments arguments) {
      boolean destination = false;
      for (Argument argument : arguments.all()) {
        if (argument.option().equals("rsource") || argument.option().equals("rdest")) {
          destination = argument.option().equals("rdest");
        }
      }
      return destination;
    }
  }

  private void check(Arguments arguments) {
    boolean looks = action == Action.RCHECK || action == Action.UPDATE;
    if (!looks && (seconds != 0 || reap || hits != 0 || sameTtl)) {
      throw arguments.fail(
          "recent: --seconds, --reap, --hitcount and --rttl go with --rcheck and --update only");
    }
    if (reap && seconds == 0) {
      throw arguments.fail("recent: --reap needs --seconds");
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.flag(action.option(), inverted);
    if (seconds != 0) {
      out.option("seconds", seconds);
    }
    if (reap) {
      out.flag("reap");
    }
    if (hits != 0) {
      out.option("hitcount", hits);
    }
    if (sameTtl) {
      out.flag("rttl");
    }
    out.option("name", list);
    out.option("mask", AddressText.format(out.family(), mask.hi(), mask.lo()));
    out.flag(destination ? "rdest" : "rsource");
  }

  @Override
  public Matcher bind(Binding binding) {
    RecentTable table =
        binding.shared(
            RecentTable.class,
            "recent/" + list,
            () -> new RecentTable(binding.family() == Family.IPV6, mask));
    table.keepStamps(hits);
    return (packet, evaluation) -> matches(table, packet, evaluation);
  }

  private boolean matches(RecentTable table, Packet packet, Evaluation evaluation) {
    long hi = destination ? packet.destinationHi() : packet.sourceHi();
    long lo = destination ? packet.destinationLo() : packet.sourceLo();
    // The TTL as it was before this host counted it down.
    int ttl = packet.ttl() + (evaluation.out >= 0 && !packet.local ? 1 : 0) & 0xff;
    long now = Jiffies.of(packet.timeNs);
    RecentTable.Entry entry = table.find(packet.ipv6, hi, lo, sameTtl ? ttl : 0);
    if (entry == null) {
      if (action != Action.SET) {
        return inverted;
      }
      table.add(packet.ipv6, hi, lo, ttl, now);
      return !inverted;
    }
    return switch (action) {
      case SET -> {
        table.touch(entry, ttl, now);
        yield !inverted;
      }
      case REMOVE -> {
        table.remove(entry);
        yield !inverted;
      }
      default -> look(table, entry, ttl, now);
    };
  }

  private boolean look(RecentTable table, RecentTable.Entry entry, int ttl, long now) {
    // The kernel multiplies in 32 bits.
    long since = now - (seconds * Jiffies.HZ & 0xffffffffL);
    boolean found =
        entry.seen(seconds == 0 ? Long.MIN_VALUE : since, Math.max(1, hits)) != inverted;
    boolean update = action == Action.UPDATE && found;
    if (reap) {
      table.reap(since, update ? entry : null);
    }
    if (update) {
      table.touch(entry, ttl, now);
    }
    return found;
  }
}
