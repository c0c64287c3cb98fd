package org.fwreplay.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;
import org.fwreplay.parsers.DnsMessage;
import org.fwreplay.parsers.DnsParser;
import org.fwreplay.parsers.DnsType;

/**
 * The DNS questions of a run with their answers, by connection, name and type, and what became of
 * the packets they were in.
 */
public final class DnsQuestions {
  private static final int DNS = 53;
  private static final int MULTICAST_DNS = 5353;
  private static final int MAX_ANSWERS = 32;
  private static final List<String> CODES =
      List.of("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED");

  private final int limit;
  private final Map<Key, Question> questions = new LinkedHashMap<>();
  private long leftOut;

  private record Key(String name, int type, long flow) {}

  /** A question with its packets. */
  public static final class Question {
    private final String name;
    private final int type;
    private final long flow;
    private final long firstFrame;
    private final Set<String> answers = new LinkedHashSet<>();
    private final Set<String> codes = new LinkedHashSet<>();
    private final long[] queries = new long[Fate.values().length];
    private final long[] responses = new long[queries.length];

    private Question(Key key, long firstFrame) {
      name = key.name();
      type = key.type();
      flow = key.flow();
      this.firstFrame = firstFrame;
    }

    /** The name asked for, in master file format. */
    public String name() {
      return name;
    }

    /** The mnemonic of the record type asked for. */
    public String type() {
      return DnsType.name(type);
    }

    /** The flow that it was asked in, 0 for none. */
    public long flow() {
      return flow;
    }

    /** Records that answered it: type and data as in a master file. */
    public Set<String> answers() {
      return answers;
    }

    /** The response codes that came, such as NXDOMAIN. */
    public Set<String> codes() {
      return codes;
    }

    private void answered(DnsMessage message) {
      codes.add(code(message.rcode()));
      for (DnsMessage.ResourceRecord record : message.answers()) {
        if (answers.size() == MAX_ANSWERS) {
          return;
        }
        String whose = record.name().equalsIgnoreCase(name) ? "" : record.name() + " ";
        answers.add(whose + DnsType.name(record.type()) + " " + record.text());
      }
    }

    private static String code(int code) {
      return code < CODES.size() ? CODES.get(code) : "RCODE" + code;
    }

    /** The first frame with this question, from 0. */
    public long firstFrame() {
      return firstFrame;
    }

    /** Packets that asked, by what became of them. */
    public long queries(Fate fate) {
      return queries[fate.ordinal()];
    }

    /** Packets that answered, by what became of them. */
    public long responses(Fate fate) {
      return responses[fate.ordinal()];
    }
  }

  /**
   * No questions yet.
   *
   * @param limit most different questions that are kept
   */
  public DnsQuestions(int limit) {
    this.limit = limit;
  }

  /** Looks into a packet whose way ended. */
  void ended(Packet p, Fate fate, long frame, long flow) {
    boolean mayCarry =
        (p.protocol == Protocols.UDP || p.protocol == Protocols.TCP)
            && p.fragmentOffset == 0
            && p.transport + 4 <= p.end
            && (isDns(p.u16(p.transport)) || isDns(p.u16(p.transport + 2)));
    if (!mayCarry) {
      return;
    }
    if (p.protocol == Protocols.UDP) {
      message(p, p.transport + Udp.LENGTH, p.end, fate, frame, flow);
    } else if (p.transport + Tcp.MIN_LENGTH <= p.end) {
      stream(p, fate, frame, flow);
    }
  }

  private static boolean isDns(int port) {
    return port == DNS || port == MULTICAST_DNS;
  }

  /** Messages that begin with a segment and are whole in it; others are not put together. */
  private void stream(Packet p, Fate fate, long frame, long flow) {
    int at = p.transport + (p.u8(p.transport + Tcp.DATA_OFFSET) >> 4) * 4;
    while (at + 2 < p.end) {
      int length = DnsParser.framedLength(p.buffer, at, p.end - at);
      if (length <= 0) {
        return;
      }
      message(p, at + 2, at + 2 + length, fate, frame, flow);
      at += 2 + length;
    }
  }

  private void message(Packet p, int from, int to, Fate fate, long frame, long flow) {
    if (from >= to) {
      return;
    }
    DnsMessage message = DnsParser.parse(p.buffer, from, to - from).message().orElse(null);
    if (message == null) {
      return;
    }
    for (DnsMessage.Question asked : message.questions()) {
      Question question = question(new Key(asked.name(), asked.type(), flow), frame);
      if (question != null) {
        (message.isResponse() ? question.responses : question.queries)[fate.ordinal()]++;
        if (message.isResponse()) {
          question.answered(message);
        }
      }
    }
  }

  private Question question(Key key, long frame) {
    Question question = questions.get(key);
    if (question == null && questions.size() == limit) {
      leftOut++;
      return null;
    }
    if (question == null) {
      question = new Question(key, frame);
      questions.put(key, question);
    }
    return question;
  }

  /** The questions, in the order of their first frames. */
  public List<Question> questions() {
    return new ArrayList<>(questions.values());
  }

  /** How many packets had questions that were not kept. */
  public long leftOut() {
    return leftOut;
  }
}
