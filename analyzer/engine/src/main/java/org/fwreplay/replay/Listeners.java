package org.fwreplay.replay;

import java.util.Arrays;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.ExpectationEnd;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;

/** Several listeners as one. */
final class Listeners implements ReplayListener {
  private ReplayListener[] all = {};
  private ReplayListener[] hitters = {};
  private ReplayListener[] takers = {};

  void add(ReplayListener listener) {
    all = appended(all, listener);
    if (listener.wantsFrames()) {
      takers = appended(takers, listener);
    }
    if (listener.wantsHits()) {
      hitters = appended(hitters, listener);
    }
  }

  private static ReplayListener[] appended(ReplayListener[] to, ReplayListener listener) {
    ReplayListener[] longer = Arrays.copyOf(to, to.length + 1);
    longer[to.length] = listener;
    return longer;
  }

  @Override
  public boolean wantsHits() {
    return hitters.length > 0;
  }

  @Override
  public boolean wantsFrames() {
    return takers.length > 0;
  }

  @Override
  public void frame(Packet packet) {
    for (ReplayListener each : all) {
      each.frame(packet);
    }
  }

  @Override
  public void arrived(Packet packet, boolean local) {
    for (ReplayListener each : all) {
      each.arrived(packet, local);
    }
  }

  @Override
  public void noted(Packet packet, String what) {
    for (ReplayListener each : all) {
      each.noted(packet, what);
    }
  }

  @Override
  public void ended(Packet packet, Fate fate, Hook hook, int rule) {
    for (ReplayListener each : all) {
      each.ended(packet, fate, hook, rule);
    }
  }

  @Override
  public void hit(boolean ipv6, int place) {
    for (ReplayListener each : hitters) {
      each.hit(ipv6, place);
    }
  }

  @Override
  public void hit(boolean ipv6, int[] places) {
    for (ReplayListener each : hitters) {
      each.hit(ipv6, places);
    }
  }

  @Override
  public void left(Packet packet) {
    for (ReplayListener each : takers) {
      each.left(packet);
    }
  }

  @Override
  public void logged(Packet packet, Evaluation evaluation, LogRequest request) {
    for (ReplayListener each : all) {
      each.logged(packet, evaluation, request);
    }
  }

  @Override
  public void created(Connection connection) {
    for (ReplayListener each : all) {
      each.created(connection);
    }
  }

  @Override
  public void updated(Connection connection) {
    for (ReplayListener each : all) {
      each.updated(connection);
    }
  }

  @Override
  public void destroyed(Connection connection) {
    for (ReplayListener each : all) {
      each.destroyed(connection);
    }
  }

  @Override
  public void expected(Expectation expectation) {
    for (ReplayListener each : all) {
      each.expected(expectation);
    }
  }

  @Override
  public void fulfilled(Expectation expectation, Connection connection) {
    for (ReplayListener each : all) {
      each.fulfilled(expectation, connection);
    }
  }

  @Override
  public void expectationEnded(Expectation expectation, ExpectationEnd why) {
    for (ReplayListener each : all) {
      each.expectationEnded(expectation, why);
    }
  }

  @Override
  public void rewritten(Connection connection, int info, int offset, byte[] before, byte[] after) {
    for (ReplayListener each : all) {
      each.rewritten(connection, info, offset, before, after);
    }
  }
}
