package org.fwreplay.report.select;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.host.Prefix;
import org.fwreplay.packet.Names;
import org.fwreplay.packet.Protocols;
import org.fwreplay.report.flow.RunNames;

/**
 * Which connections or frames are meant: {@code KEY=VALUE} words that must all be true. Several
 * values are separated by commas, one of them is enough; {@code !} before them turns it round.
 */
public final class Selector {
  private static final List<String> KEYS =
      List.of(
          "family", "proto", "src", "dst", "host", "sport", "dport", "port", "in", "out", "frame",
          "after", "before", "dns");

  private static final int MOST_PORT = 65_535;
  private static final int MOST_PROTOCOL = 255;

  /** One word. */
  private record Term(String text, List<Predicate<Subject>> tests, boolean inverted) {}

  /**
   * What is asked.
   *
   * @param tuple the first packet's as it arrived
   * @param in name of an interface, empty for none; likewise {@code out}
   * @param frame number of its frame
   * @param timeNs of that, since the epoch
   * @param names for which DNS answers gave the destination
   */
  public record Subject(
      Tuple tuple, String in, String out, long frame, long timeNs, Set<String> names) {}

  private final List<Term> terms;

  private Selector(List<Term> terms) {
    this.terms = List.copyOf(terms);
  }

  /**
   * Reads words separated by spaces.
   *
   * @throws IllegalArgumentException where one cannot be, with what was expected
   */
  public static Selector parse(String text) {
    List<Term> terms = new ArrayList<>();
    for (String word : text.strip().split("\\s+")) {
      int cut = word.indexOf('=');
      if (cut < 1) {
        throw new IllegalArgumentException("\"" + word + "\": expected KEY=VALUE");
      }
      terms.add(term(word.substring(0, cut), word.substring(cut + 1)));
    }
    return new Selector(terms);
  }

  /** The selector of keys and their values. */
  public static Selector of(Map<String, String> words) {
    List<Term> terms = new ArrayList<>();
    words.forEach((key, value) -> terms.add(term(key, value)));
    return new Selector(terms);
  }

  /** The keys that there are. */
  public static List<String> keys() {
    return KEYS;
  }

  private static Term term(String name, String given) {
    String key = name.toLowerCase(Locale.ROOT);
    if (!KEYS.contains(key)) {
      String hint = Suggestions.hint(key, KEYS);
      throw new IllegalArgumentException(
          "no key \"" + name + "\"; " + (hint.isEmpty() ? "there are " + KEYS : hint));
    }
    boolean inverted = given.startsWith("!");
    List<String> values = List.of((inverted ? given.substring(1) : given).split(","));
    List<Predicate<Subject>> tests = values.stream().map(value -> test(key, value)).toList();
    return new Term(name + "=" + given, tests, inverted);
  }

  /** What one value asks. */
  private static Predicate<Subject> test(String key, String value) {
    return switch (key) {
      case "src", "dst", "host" -> address(key, Prefix.parse(value));
      case "sport", "dport", "port" -> port(key, range(key, value));
      case "frame" -> {
        Range range = range(key, value);
        yield subject -> range.holds(subject.frame);
      }
      case "after", "before" -> {
        long time = time(key, value);
        boolean after = key.equals("after");
        yield subject -> after ? subject.timeNs >= time : subject.timeNs < time;
      }
      case "dns" -> {
        String name = value.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        String suffix = name.startsWith("*.") ? name.substring(1) : null;
        yield subject ->
            subject.names.contains(name)
                || suffix != null && subject.names.stream().anyMatch(n -> n.endsWith(suffix));
      }
      case "proto" -> {
        int protocol = protocol(value);
        yield subject -> subject.tuple.protocol == protocol;
      }
      case "family" -> {
        if (!value.equals("ipv4") && !value.equals("ipv6")) {
          throw new IllegalArgumentException(key + "=" + value + ": expected ipv4 or ipv6");
        }
        yield subject -> value.equals(RunNames.family(subject.tuple.ipv6));
      }
      default -> {
        if (value.isEmpty()) {
          throw new IllegalArgumentException(key + "=: expected the name of an interface");
        }
        boolean in = key.equals("in");
        String name = value.equals("-") ? "" : value;
        yield subject -> name.equals(in ? subject.in : subject.out);
      }
    };
  }

  private static Predicate<Subject> address(String key, Prefix prefix) {
    Predicate<Subject> source = s -> contains(prefix, s.tuple, s.tuple.sourceHi, s.tuple.sourceLo);
    Predicate<Subject> destination =
        s -> contains(prefix, s.tuple, s.tuple.destinationHi, s.tuple.destinationLo);
    return either(key, source, destination);
  }

  private static Predicate<Subject> port(String key, Range range) {
    Predicate<Subject> source = s -> hasPorts(s.tuple) && range.holds(s.tuple.sourcePort);
    Predicate<Subject> destination = s -> hasPorts(s.tuple) && range.holds(s.tuple.destinationPort);
    return either(key, source, destination);
  }

  private static Predicate<Subject> either(
      String key, Predicate<Subject> source, Predicate<Subject> destination) {
    return switch (key.charAt(0)) {
      case 's' -> source;
      case 'd' -> destination;
      default -> source.or(destination);
    };
  }

  private static long time(String key, String value) {
    try {
      Instant instant = Instant.parse(value);
      return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          key + "=" + value + ": expected a time such as 2026-01-31T12:00:00Z", e);
    }
  }

  private static int protocol(String value) {
    String name = value.toLowerCase(Locale.ROOT);
    int known = name.equals("icmpv6") ? Protocols.ICMPV6 : Names.protocol(name);
    if (known >= 0) {
      return known;
    }
    long number = number(value);
    if (number < 0 || number > MOST_PROTOCOL) {
      throw new IllegalArgumentException(
          "proto=" + value + ": expected the name or number of a protocol");
    }
    return (int) number;
  }

  /** Numbers from one to another. */
  private record Range(long low, long high) {
    boolean holds(long number) {
      return number >= low && number <= high;
    }
  }

  /** {@code N} or {@code N-M}; ports also by service name. */
  private static Range range(String key, String value) {
    boolean frame = key.equals("frame");
    int service = frame ? -1 : Names.port(value, null);
    if (service >= 0) {
      return new Range(service, service);
    }
    int cut = value.indexOf('-', 1);
    long most = frame ? Long.MAX_VALUE : MOST_PORT;
    long low = number(cut < 0 ? value : value.substring(0, cut));
    long high = cut < 0 ? low : number(value.substring(cut + 1));
    if (low < 0 || high < low || high > most) {
      String what = frame ? "a number" : "a port, 0 to " + MOST_PORT + ", a service";
      throw new IllegalArgumentException(
          key + "=" + value + ": expected " + what + " or a range A-B");
    }
    return new Range(low, high);
  }

  /** A number of digits only, or -1. */
  private static long number(String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Whether all words are true. */
  public boolean matches(Subject subject) {
    for (Term term : terms) {
      if (term.tests.stream().anyMatch(test -> test.test(subject)) == term.inverted) {
        return false;
      }
    }
    return true;
  }

  private static boolean contains(Prefix prefix, Tuple t, long hi, long lo) {
    return prefix.six() == t.ipv6 && prefix.contains(hi, lo);
  }

  private static boolean hasPorts(Tuple t) {
    return switch (t.protocol) {
      case Protocols.TCP, Protocols.UDP, Protocols.UDPLITE, Protocols.SCTP -> true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return String.join(" ", terms.stream().map(Term::text).toList());
  }
}
