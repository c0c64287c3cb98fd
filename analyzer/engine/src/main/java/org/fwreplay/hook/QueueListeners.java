package org.fwreplay.hook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.fwreplay.legacy.PacketListener;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.QueueAnswer;

/** Who listens at queues of user space (NFQUEUE), and what they answer. */
final class QueueListeners {
  private final IntFunction<PacketListener> byNumber;
  private final List<String> problems = new ArrayList<>();

  QueueListeners(IntFunction<PacketListener> byNumber) {
    this.byNumber = byNumber;
  }

  /** What is known of a queue's answer beforehand; null where nobody knows who listens. */
  QueueAnswer answer(int number) {
    PacketListener listener = byNumber.apply(number);
    if (listener == null) {
      return null;
    }
    if (listener == PacketListener.PASS) {
      return QueueAnswer.ACCEPT;
    }
    if (listener == PacketListener.DROP) {
      return QueueAnswer.DROP;
    }
    return listener.isThere() ? QueueAnswer.ASK : QueueAnswer.NONE;
  }

  /** What ended listeners, a sentence each. */
  List<String> problems() {
    return problems;
  }

  /** Asks about a packet; what comes back is the packet as it goes on. */
  QueueAnswer ask(Packet p, int number) {
    PacketListener listener = byNumber.apply(number);
    List<byte[]> answers = listener.take(Arrays.copyOfRange(p.buffer, p.network, p.end), p.timeNs);
    if (!listener.isThere()) {
      problems.add("queue " + number + ": " + listener.problem());
      return QueueAnswer.NONE;
    }
    if (answers.isEmpty() || answers.get(0).length < (p.ipv6 ? 40 : 20)) {
      return QueueAnswer.DROP;
    }
    byte[] changed = answers.get(0);
    p.makeOwn();
    System.arraycopy(changed, 0, p.buffer, p.network, changed.length);
    p.end = p.network + changed.length;
    Decoder.transport(p);
    return QueueAnswer.ACCEPT;
  }
}
