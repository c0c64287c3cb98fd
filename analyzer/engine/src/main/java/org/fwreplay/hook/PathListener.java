package org.fwreplay.hook;

import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;

/** Is told what happens to packets; everything handed over is valid during the call only. */
public interface PathListener {
  /**
   * A packet's way ended. A frame may cause several: fragments, answers that the host makes.
   *
   * @param hook the hook at which it ended, null outside the hooks
   * @param rule place of what decided, a rule or a chain's end, see {@link
   *     org.fwreplay.rule.BoundRuleset}: what dropped, rejected or took the packet; of one that
   *     passed, what accepted it in table filter; negative where no rule decided
   */
  void ended(Packet packet, Fate fate, Hook hook, int rule);

  /** A frame leaves by {@link Packet#out}: {@code [mac or network, end)} is what is on the wire. */
  void left(Packet packet);

  /** A LOG or NFLOG rule was hit. */
  void logged(Packet packet, Evaluation evaluation, LogRequest request);

  /** Something that is seldom happened because of a packet, such as a trigger that it set off. */
  default void noted(Packet packet, String what) {}
}
