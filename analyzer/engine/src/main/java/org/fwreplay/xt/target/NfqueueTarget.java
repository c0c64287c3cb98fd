package org.fwreplay.xt.target;

import java.util.List;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Jhash;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;

/**
 * {@code -j NFQUEUE}: hands the packet to a program, which answers whether it goes on. xt_NFQUEUE,
 * libxt_NFQUEUE revision 3.
 *
 * @param first the queue's number, or the first of those that flows are spread over
 * @param last the last of them; equal to {@code first} for one
 * @param bypass whether packets pass where no program listens
 * @param cpuFanout whether packets are spread by processor instead of by flow
 */
public record NfqueueTarget(int first, int last, boolean bypass, boolean cpuFanout)
    implements PacketTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "NFQUEUE";
    }

    @Override
    public String summary() {
      return "hands the packet to a program";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("queue-num", "number").excluding("queue"),
          Option.of("queue-balance", "first:last").excluding("queue"),
          Option.flag("queue-bypass"),
          Option.flag("queue-cpu-fanout"));
    }

    private static final int MAX_BALANCE = 0xfffe;

    @Override
    public NfqueueTarget parse(Arguments arguments) {
      boolean bypass = arguments.has("queue-bypass");
      boolean fanout = arguments.has("queue-cpu-fanout");
      Argument balance = arguments.find("queue-balance");
      if (balance == null) {
        if (fanout) {
          throw arguments.fail("NFQUEUE: --queue-cpu-fanout needs --queue-balance, too");
        }
        Argument number = arguments.find("queue-num");
        int queue = number == null ? 0 : (int) number.unsigned(0, 0xffff);
        return new NfqueueTarget(queue, queue, bypass, false);
      }
      if (balance.text().indexOf(':') < 0) {
        throw balance.fail("--queue-balance: \"" + balance.text() + "\" is not FIRST:LAST");
      }
      Argument.Range range = balance.range(':', 0, MAX_BALANCE);
      if (range.low() >= range.high()) {
        throw balance.fail(
            "--queue-balance: " + range.low() + " should be less than " + range.high());
      }
      return new NfqueueTarget((int) range.low(), (int) range.high(), bypass, fanout);
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (first == last) {
      out.option("queue-num", first);
    } else {
      out.option("queue-balance", first + ":" + last);
    }
    if (bypass) {
      out.flag("queue-bypass");
    }
    if (cpuFanout) {
      out.flag("queue-cpu-fanout");
    }
  }

  @Override
  public String assumption() {
    return "NFQUEUE: where nothing says what the program answers, none listens, so that the packet "
        + (bypass ? "passes" : "is dropped");
  }

  /** The kernel's hash has a key of its boot: which of several queues a flow gets is chance. */
  @Override
  public Action bind(Binding binding) {
    int key = binding.random().nextInt();
    return first == last
        ? (packet, evaluation) -> evaluation.queue(packet, first, bypass)
        : (packet, evaluation) -> spread(packet, evaluation, key);
  }

  private int spread(Packet packet, Evaluation evaluation, int key) {
    int number = first + (cpuFanout ? 0 : Jhash.scale(hash(packet, key), last - first + 1));
    for (int other = first; other <= last; other++) {
      if (evaluation.services.queueAnswer(other) != evaluation.services.queueAnswer(number)) {
        evaluation.undecided(packet);
        break;
      }
    }
    return evaluation.queue(packet, number, bypass);
  }

  /** {@code nfqueue_hash}: both directions of a flow get the same. */
  private static int hash(Packet packet, int key) {
    if (!packet.ipv6) {
      int source = Bytes.i32(packet.buffer, packet.network + Ipv4.SOURCE);
      int destination = Bytes.i32(packet.buffer, packet.network + Ipv4.DESTINATION);
      int low = Math.min(source, destination);
      return Jhash.threeWords(low, Math.max(source, destination), packet.protocol, key);
    }
    int source = packet.network + Ipv6.SOURCE;
    int destination = packet.network + Ipv6.DESTINATION;
    int low = Bytes.i32(packet.buffer, source + 12);
    int high = Bytes.i32(packet.buffer, destination + 12);
    int middle =
        Math.min(Bytes.i32(packet.buffer, source + 4), Bytes.i32(packet.buffer, destination + 4));
    return Jhash.threeWords(Math.min(low, high), Math.max(low, high), middle, key);
  }
}
