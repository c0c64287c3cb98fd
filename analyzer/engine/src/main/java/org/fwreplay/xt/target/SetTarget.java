package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.fwreplay.ipset.IpSet;
import org.fwreplay.ipset.SetQuery;
import org.fwreplay.ipset.SetQuery.Counter;
import org.fwreplay.packet.Hook;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.SetReference;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j SET}: adds to IP sets, deletes from them, and takes marks from them. xt_set, libxt_SET
 * revision 3.
 *
 * @param add the set that the packet is added to, or null
 * @param timeout seconds of what is added, or -1 for the set's own
 * @param delete the set that the packet is deleted from, or null
 * @param map the set that gives the packet its mark and priority, or null
 */
public record SetTarget(
    SetReference add,
    boolean exist,
    long timeout,
    SetReference delete,
    SetReference map,
    boolean mapsMark,
    boolean mapsPriority,
    boolean mapsQueue)
    implements PacketTarget {

  private static final long MAX_TIMEOUT = 2_147_483;

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "SET";
    }

    @Override
    public String summary() {
      return "adds the packet to IP sets, deletes it, or takes its mark from one";
    }

    @Override
    public List<Option> options() {
      String set = "name src|dst[,...]";
      // The tool takes "!" here and forgets it.
      return List.of(
          Option.of("add-set", set).withInversion(),
          Option.of("del-set", set).withInversion(),
          Option.of("map-set", set).withInversion(),
          Option.flag("exist").multiple(),
          Option.of("timeout", "seconds").multiple(),
          Option.flag("map-mark").multiple(),
          Option.flag("map-prio").multiple(),
          Option.flag("map-queue").multiple());
    }

    @Override
    public SetTarget parse(Arguments arguments) {
      Argument timeout = arguments.find("timeout");
      SetTarget target =
          new SetTarget(
              set(arguments, "add-set"),
              arguments.has("exist"),
              timeout == null ? -1 : timeout.unsigned(0, 0xfffffffeL),
              set(arguments, "del-set"),
              set(arguments, "map-set"),
              arguments.has("map-mark"),
              arguments.has("map-prio"),
              arguments.has("map-queue"));
      target.check(arguments);
      return target;
    }

    private static SetReference set(Arguments arguments, String option) {
      Argument argument = arguments.find(option);
      return argument == null ? null : SetReference.parse(argument);
    }
  }

  private void check(Arguments arguments) {
    if (add == null && delete == null && map == null) {
      throw arguments.fail("SET needs --add-set, --del-set or --map-set");
    }
    if (add == null && (exist || timeout >= 0)) {
      throw arguments.fail("SET: --exist and --timeout go with --add-set only");
    }
    if (map != null && !(mapsMark || mapsPriority || mapsQueue)) {
      throw arguments.fail("SET: --map-set needs --map-mark, --map-prio or --map-queue");
    }
    if (map == null && (mapsMark || mapsPriority || mapsQueue)) {
      throw arguments.fail("SET: --map-mark, --map-prio and --map-queue go with --map-set only");
    }
    if (map != null && !arguments.table().equals("mangle")) {
      throw arguments.fail("SET: --map-set can be used in table mangle only");
    }
  }

  @Override
  public Set<Hook> hooks() {
    return mapsPriority || mapsQueue
        ? EnumSet.of(Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING)
        : EnumSet.allOf(Hook.class);
  }

  @Override
  public void save(RuleWriter out) {
    if (add != null) {
      out.option("add-set", add.text());
      if (exist) {
        out.flag("exist");
      }
      if (timeout >= 0) {
        out.option("timeout", timeout);
      }
    }
    if (delete != null) {
      out.option("del-set", delete.text());
    }
    if (map != null) {
      out.option("map-set", map.text());
      flag(out, "map-mark", mapsMark);
      flag(out, "map-prio", mapsPriority);
      flag(out, "map-queue", mapsQueue);
    }
  }

  private static void flag(RuleWriter out, String name, boolean on) {
    if (on) {
      out.flag(name);
    }
  }

  @Override
  public List<String> sets() {
    return Stream.of(add, delete, map).filter(Objects::nonNull).map(SetReference::name).toList();
  }

  private record Bound(IpSet set, SetQuery query) {
    static Bound of(SetReference reference, Binding binding, int flags, long timeout) {
      return reference == null
          ? null
          : new Bound(
              reference.find(binding), reference.query(flags, Counter.ANY, Counter.ANY, timeout));
    }
  }

  @Override
  public Action bind(Binding binding) {
    long seconds = Math.min(timeout, MAX_TIMEOUT);
    Bound adds = Bound.of(add, binding, exist ? SetQuery.EXIST : 0, seconds);
    Bound deletes = Bound.of(delete, binding, 0, -1);
    Bound maps = Bound.of(map, binding, 0, -1);
    return (packet, evaluation) -> {
      if (adds != null) {
        SetReference.take(adds.query, packet, evaluation, binding);
        adds.set.add(adds.query);
      }
      if (deletes != null) {
        SetReference.take(deletes.query, packet, evaluation, binding);
        deletes.set.delete(deletes.query);
      }
      if (maps != null) {
        SetReference.take(maps.query, packet, evaluation, binding);
        if (maps.set.matches(maps.query) && mapsMark) {
          packet.mark = packet.mark & ~maps.query.markMask() ^ maps.query.mark();
        }
      }
      return Verdict.CONTINUE;
    };
  }
}
