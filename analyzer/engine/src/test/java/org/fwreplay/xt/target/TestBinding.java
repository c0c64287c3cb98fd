package org.fwreplay.xt.target;

import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.fwreplay.host.Host;
import org.fwreplay.host.Router;
import org.fwreplay.packet.Family;
import org.fwreplay.xt.Binding;

/** A run on a host, without anything that rules share. */
record TestBinding(Host host) implements Binding {
  @Override
  public Router router() {
    return host.newRouter();
  }

  @Override
  public Family family() {
    return Family.IPV4;
  }

  @Override
  public <T> T shared(Class<T> type, String key, Supplier<T> make) {
    return make.get();
  }

  @Override
  public SplittableRandom random() {
    return new SplittableRandom(1);
  }

  @Override
  public String table() {
    return "nat";
  }
}
