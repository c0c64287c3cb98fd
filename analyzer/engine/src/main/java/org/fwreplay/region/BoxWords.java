package org.fwreplay.region;

import java.util.StringJoiner;
import java.util.function.Predicate;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Names;

/** Boxes in words: {@code src 10.0.0.0-10.255.255.255, proto tcp, dport 80}. */
final class BoxWords {
  private static final int MOST_RANGES = 8;

  private final Space space;

  BoxWords(Space space) {
    this.space = space;
  }

  String of(Box box) {
    StringJoiner words = new StringJoiner(", ").setEmptyValue("all packets");
    for (int i = 0; i < box.size(); i++) {
      if (box.dimension(i) < Dimension.COUNT) {
        Dimension dimension = Dimension.values()[box.dimension(i)];
        words.add(name(dimension) + " " + values(dimension, box.set(i)));
      }
    }
    String questions = questions(space, box);
    return questions.isEmpty() ? words.toString() : words.add(questions).toString();
  }

  /** What must be true that is not modelled. */
  static String questions(Space space, Box box) {
    return questions(space, box, question -> true);
  }

  /** The same of some of the questions. */
  static String questions(Space space, Box box, Predicate<Object> some) {
    StringJoiner words = new StringJoiner(", ");
    for (int i = 0; i < box.size(); i++) {
      if (box.dimension(i) >= Dimension.COUNT) {
        Object question = space.question(box.dimension(i));
        boolean yes = box.set(i).contains(1);
        if (some.test(question)) {
          words.add((yes ? "" : "not ") + question);
        }
      }
    }
    return words.toString();
  }

  private static String name(Dimension dimension) {
    return switch (dimension) {
      case DESTINATION -> "dst";
      case SOURCE -> "src";
      case DESTINATION_PORT -> "dport";
      case SOURCE_PORT -> "sport";
      case PROTOCOL -> "proto";
      case IN -> "in";
      case OUT -> "out";
      case STATE -> "state";
      case MARK -> "mark";
      case ICMP -> "icmp";
      case TCP_FLAGS -> "tcp flags";
      case FRAGMENT -> "fragment";
    };
  }

  private String values(Dimension dimension, IntSet set) {
    StringJoiner words = new StringJoiner(" ");
    for (int i = 0; i < set.ranges(); i++) {
      if (i == MOST_RANGES) {
        return words.add("...").toString();
      }
      words.add(range(dimension, set.low(i), set.high(i)));
    }
    return words.toString();
  }

  private String range(Dimension dimension, int low, int high) {
    return switch (dimension) {
      case SOURCE, DESTINATION, MARK -> values(dimension, low, high);
      case IN, OUT -> names(dimension, low, high);
      case STATE -> states(low, high);
      case PROTOCOL -> low == high ? protocol(low) : protocol(low) + "-" + protocol(high);
      case ICMP -> icmp(low) + (low == high ? "" : "-" + icmp(high));
      case FRAGMENT -> low == Dimension.WHOLE ? "whole" : "later";
      default -> low == high ? Integer.toString(low) : low + "-" + high;
    };
  }

  private String values(Dimension dimension, int low, int high) {
    ValueAxis axis = space.axis(dimension);
    String first = value(dimension, axis.firstHi(low), axis.firstLo(low));
    String last = value(dimension, axis.lastHi(high), axis.lastLo(high));
    return first.equals(last) ? first : first + "-" + last;
  }

  private String value(Dimension dimension, long hi, long lo) {
    return dimension == Dimension.MARK
        ? "0x" + Long.toHexString(lo)
        : AddressText.of(space.family() == Family.IPV6, hi, lo);
  }

  private String names(Dimension dimension, int low, int high) {
    NameAxis axis = space.names(dimension);
    StringJoiner words = new StringJoiner(" ");
    for (int point = low; point <= high; point++) {
      String name = axis.example(point);
      words.add(name.isEmpty() ? "none" : axis.isOthers(point) ? "others (" + name + ")" : name);
    }
    return words.toString();
  }

  private static String states(int low, int high) {
    StringJoiner words = new StringJoiner(" ");
    for (int point = low; point <= high; point++) {
      words.add(CtStates.words(point));
    }
    return words.toString();
  }

  private static String protocol(int number) {
    String name = number == Dimension.NO_PROTOCOL ? "broken" : Names.protocolName(number);
    return name == null ? Integer.toString(number) : name;
  }

  private static String icmp(int value) {
    return (value >> 8) + "/" + (value & 0xff);
  }
}
