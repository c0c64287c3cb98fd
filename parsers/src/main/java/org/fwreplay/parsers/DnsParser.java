package org.fwreplay.parsers;

import io.kaitai.struct.ByteBufferKaitaiStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.fwreplay.parsers.DnsMessage.Edns;
import org.fwreplay.parsers.DnsMessage.Option;
import org.fwreplay.parsers.DnsMessage.Question;
import org.fwreplay.parsers.DnsMessage.ResourceRecord;
import org.fwreplay.parsers.dns.Dns;

/**
 * Reads DNS messages from bytes that nobody vouches for, in bounded time and memory.
 *
 * <p>Whatever the bytes are, the outcome is a {@link DnsResult}.
 */
public final class DnsParser {
  private static final int HEADER_LENGTH = 12;
  private static final int MIN_QUESTION_LENGTH = 5;
  private static final int MAX_LENGTH = 0xffff;

  /** Far more than a response in a datagram has; it keeps the cost of a hostile message low. */
  private static final int MAX_ENTRIES = 1024;

  private DnsParser() {}

  /**
   * Reads one message as it stands in a UDP datagram.
   *
   * @param buf holds the message
   * @param offset where it begins
   * @param length how many bytes of it there are
   * @throws IndexOutOfBoundsException if this is not a part of {@code buf}
   */
  public static DnsResult parse(byte[] buf, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buf.length);
    ByteBuffer bytes = ByteBuffer.wrap(buf, offset, length).slice();
    DnsMessage message = null;
    try {
      checkHeader(bytes);
      Dns dns = new Dns(new ByteBufferKaitaiStream(bytes));
      DnsNames names = new DnsNames(bytes);
      List<Question> questions = new ArrayList<>(dns.numQuestions());
      Optional<String> problem = readQuestions(dns, names, questions);
      message = withoutRecords(dns, questions);
      if (problem.isPresent()) {
        return new DnsResult(Optional.of(message), problem);
      }
      problem = readRecords(dns, length);
      message = withRecords(message, dns, names);
      return new DnsResult(Optional.of(message), problem);
    } catch (RuntimeException | StackOverflowError e) {
      String part = message == null ? "questions" : "records";
      return new DnsResult(Optional.ofNullable(message), Optional.of(reason(e, part, length)));
    }
  }

  /**
   * The length of the message that begins with its length at {@code offset}, as on TCP (RFC 1035,
   * section 4.2.2). The message itself begins at {@code offset + 2}.
   *
   * @param buf holds the stream
   * @param offset where the two bytes of length begin
   * @param length how many bytes of the stream there are from {@code offset} on
   * @return the length in bytes, or -1 if the message is not all there
   * @throws IndexOutOfBoundsException if this is not a part of {@code buf}
   */
  public static int framedLength(byte[] buf, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buf.length);
    if (length < 2) {
      return -1;
    }
    int framed = (buf[offset] & 0xff) << 8 | buf[offset + 1] & 0xff;
    return framed <= length - 2 ? framed : -1;
  }

  /** Costs next to nothing, and spares what is no DNS message the generated parser. */
  private static void checkHeader(ByteBuffer bytes) {
    int length = bytes.limit();
    if (length < HEADER_LENGTH) {
      throw new MalformedException(length + " bytes are less than a DNS header");
    }
    if (length > MAX_LENGTH) {
      throw new MalformedException(length + " bytes are more than a DNS message can have");
    }
    int questions = bytes.getShort(4) & 0xffff;
    if (questions > (length - HEADER_LENGTH) / MIN_QUESTION_LENGTH) {
      throw new MalformedException(questions + " questions do not fit into " + length + " bytes");
    }
    int entries = questions;
    for (int at = 6; at < HEADER_LENGTH; at += 2) {
      entries += bytes.getShort(at) & 0xffff;
    }
    if (entries > MAX_ENTRIES) {
      throw new MalformedException(
          entries + " questions and records, at most " + MAX_ENTRIES + " are read");
    }
  }

  /** Adds the questions up to the first whose name cannot be expanded, and says why it cannot. */
  private static Optional<String> readQuestions(Dns dns, DnsNames names, List<Question> questions) {
    try {
      for (Dns.Question q : dns.questions()) {
        questions.add(new Question(names.expand(q.name().ofsName()), q.qtype(), q.qclass()));
      }
      return Optional.empty();
    } catch (MalformedException e) {
      if (questions.isEmpty()) {
        throw e;
      }
      return Optional.of(e.getMessage());
    }
  }

  private static DnsMessage withoutRecords(Dns dns, List<Question> questions) {
    return new DnsMessage(
        dns.id(),
        dns.flags(),
        List.copyOf(questions),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  /** Has the records read; if that fails, those in front of the damage remain, and why is said. */
  private static Optional<String> readRecords(Dns dns, int length) {
    try {
      dns.records();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(reason(e, "records", length));
    }
  }

  private static DnsMessage withRecords(DnsMessage message, Dns dns, DnsNames names) {
    List<Dns.Record> records = dns.records();
    int authorities = Math.min(dns.numAnswers(), records.size());
    int additionals = Math.min(dns.numAnswers() + dns.numAuthorities(), records.size());
    return new DnsMessage(
        message.id(),
        message.flags(),
        message.questions(),
        section(records.subList(0, authorities), names),
        section(records.subList(authorities, additionals), names),
        section(records.subList(additionals, records.size()), names),
        edns(records));
  }

  private static List<ResourceRecord> section(List<Dns.Record> records, DnsNames names) {
    List<ResourceRecord> section = new ArrayList<>(records.size());
    for (Dns.Record r : records) {
      if (r.data() instanceof byte[] data) {
        String name = names.expand(r.name().ofsName());
        String text = DnsData.text(r.rrType(), data, r.ofsData(), names);
        section.add(new ResourceRecord(name, r.rrType(), r.rrClass(), r.ttl(), data, text));
      }
    }
    return List.copyOf(section);
  }

  private static Optional<Edns> edns(List<Dns.Record> records) {
    List<Dns.Record> opts = records.stream().filter(r -> r.data() instanceof Dns.Options).toList();
    if (opts.size() > 1) {
      throw new MalformedException(opts.size() + " OPT records, at most one is allowed");
    }
    return opts.stream().findFirst().map(DnsParser::edns);
  }

  private static Edns edns(Dns.Record opt) {
    int ttl = (int) opt.ttl();
    List<Option> options =
        ((Dns.Options) opt.data())
            .options().stream().map(o -> new Option(o.code(), o.data())).toList();
    return new Edns(opt.rrClass(), ttl >>> 24, ttl >> 16 & 0xff, (ttl & 0x8000) != 0, options);
  }

  private static String reason(Throwable e, String part, int length) {
    if (e instanceof MalformedException) {
      return e.getMessage();
    }
    boolean ended = e instanceof BufferUnderflowException;
    return (ended ? "cut off" : "malformed") + " in the " + part + ", after " + length + " bytes";
  }

  /** Ends the reading of a message, for a reason that can be told. */
  static final class MalformedException extends RuntimeException {
    MalformedException(String reason) {
      super(reason, null, false, false);
    }
  }
}
