package org.fwreplay.xt;

/** A target that remembers nothing between packets. */
public interface StatelessTarget extends PacketTarget, Action {
  @Override
  default Action bind(Binding binding) {
    return this;
  }
}
