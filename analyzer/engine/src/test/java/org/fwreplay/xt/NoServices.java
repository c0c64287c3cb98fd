package org.fwreplay.xt;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.nat.Nat;
import org.fwreplay.packet.Packet;

/** Refuses whatever an extension asks for, but time; tests override what theirs may ask for. */
public abstract class NoServices implements Evaluation.Services {
  @Override
  public Conntrack conntrack() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void log(Packet packet, Evaluation evaluation, LogRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueueAnswer askQueue(Packet packet, int number) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean divert(Packet packet, Evaluation evaluation, int port, boolean fragment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void receiveCopy(Packet packet, int in, Consumer<Packet> change) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void keepTime(LongConsumer clock, String key) {}

  @Override
  public void note(Packet packet, String what) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sendUnreachable(Packet packet, Evaluation evaluation, int type, int code) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sendReset(Packet packet, Evaluation evaluation) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Nat nat() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int pathMtu(Packet packet) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int reversePathMtu(Packet packet, Evaluation evaluation) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean undecidedMatches() {
    return false;
  }

  @Override
  public void sendCopy(
      Packet packet, Evaluation evaluation, long gatewayHi, long gatewayLo, int out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sendError(Packet packet, int type, int code, int info) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueueAnswer queueAnswer(int number) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean mayListen(int protocol, int port) {
    throw new UnsupportedOperationException();
  }
}
