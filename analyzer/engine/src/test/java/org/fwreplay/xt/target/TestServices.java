package org.fwreplay.xt.target;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackSettings;
import org.fwreplay.nat.Nat;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;
import org.fwreplay.xt.NoServices;
import org.fwreplay.xt.QueueAnswer;

/** Writes down what targets ask for. */
final class TestServices extends NoServices {
  final List<String> calls = new ArrayList<>();
  private final Conntrack conntrack =
      new Conntrack(new ConntrackSettings((name, value) -> value), 1);
  private final Nat nat = new Nat(conntrack, new SplittableRandom(1));
  final List<String> notes = new ArrayList<>();
  final Map<Integer, QueueAnswer> queues = new HashMap<>();
  boolean undecidedMatches;
  int pathMtu = 1500;
  int reversePathMtu = 1500;

  static Evaluation evaluation(TestServices services, Hook hook) {
    Evaluation evaluation = new Evaluation(services);
    evaluation.family = Family.IPV4;
    evaluation.hook = hook;
    return evaluation;
  }

  @Override
  public void note(Packet packet, String what) {
    notes.add(what);
  }

  @Override
  public void log(Packet packet, Evaluation evaluation, LogRequest request) {
    calls.add("log " + request.prefix() + " " + request.level() + " " + request.group());
  }

  @Override
  public void sendUnreachable(Packet packet, Evaluation evaluation, int type, int code) {
    calls.add("unreachable " + type + "/" + code);
  }

  @Override
  public void sendReset(Packet packet, Evaluation evaluation) {
    calls.add("reset");
  }

  @Override
  public Nat nat() {
    return nat;
  }

  @Override
  public Conntrack conntrack() {
    return conntrack;
  }

  @Override
  public int pathMtu(Packet packet) {
    return pathMtu;
  }

  @Override
  public int reversePathMtu(Packet packet, Evaluation evaluation) {
    return reversePathMtu;
  }

  @Override
  public boolean undecidedMatches() {
    return undecidedMatches;
  }

  @Override
  public void sendCopy(
      Packet packet, Evaluation evaluation, long gatewayHi, long gatewayLo, int out) {
    calls.add("copy to " + Long.toHexString(gatewayLo) + " by " + out);
  }

  @Override
  public void sendError(Packet packet, int type, int code, int info) {
    calls.add("error " + type + "/" + code + " " + info);
  }

  @Override
  public QueueAnswer queueAnswer(int number) {
    return queues.get(number);
  }

  @Override
  public boolean mayListen(int protocol, int port) {
    return port == 8080;
  }
}
