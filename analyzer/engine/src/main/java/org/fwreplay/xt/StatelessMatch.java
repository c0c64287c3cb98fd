package org.fwreplay.xt;

/** A match that remembers nothing between packets. */
public interface StatelessMatch extends PacketMatch, Matcher {
  @Override
  default Matcher bind(Binding binding) {
    return this;
  }
}
