package org.fwreplay.rule;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.fwreplay.host.Host;
import org.fwreplay.host.Router;
import org.fwreplay.packet.Family;
import org.fwreplay.xt.Binding;

/** What the rules of one run share, both families together. Not for several threads. */
public final class BindingContext {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final Host host;
  private final Router router;
  private final long seed;
  private final Map<String, Object> shared = new HashMap<>();
  private Indexing indexing = Indexing.LONG;

  /**
   * The context of a run.
   *
   * @param seed of everything that is random in Linux
   */
  public BindingContext(Host host, Router router, long seed) {
    this.host = host;
    this.router = router;
    this.seed = seed;
  }

  /** Chooses the chains that are searched by an index; {@link Indexing#LONG} without it. */
  public BindingContext index(Indexing which) {
    indexing = which;
    return this;
  }

  Indexing indexing() {
    return indexing;
  }

  /** The firewall host. */
  public Host host() {
    return host;
  }

  /** Gives all rules that ask for shared state with that key this one. */
  public <T> void share(Class<T> type, String key, T state) {
    shared.put(key(type, key), state);
  }

  /** What rules share by a key, or null. */
  public <T> T find(Class<T> type, String key) {
    return type.cast(shared.get(key(type, key)));
  }

  private static String key(Class<?> type, String key) {
    return type.getName() + " " + key;
  }

  /**
   * What a rule is bound with.
   *
   * @param key of its chance: another for each rule; few ask for it
   */
  Binding forRule(Family family, String table, LongSupplier key) {
    return new RuleBinding(family, table, key);
  }

  private final class RuleBinding implements Binding {
    private final Family family;
    private final String table;
    private final LongSupplier key;
    private SplittableRandom random;

    RuleBinding(Family family, String table, LongSupplier key) {
      this.family = family;
      this.table = table;
      this.key = key;
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
      return type.cast(shared.computeIfAbsent(BindingContext.key(type, key), k -> make.get()));
    }

    @Override
    public SplittableRandom random() {
      if (random == null) {
        long own = 2 * key.getAsLong() + family.ordinal() + 1;
        random = new SplittableRandom(seed + GOLDEN * own);
      }
      return random;
    }

    @Override
    public String table() {
      return table;
    }
  }
}
