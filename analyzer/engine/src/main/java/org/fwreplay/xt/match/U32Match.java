package org.fwreplay.xt.match;

import java.util.List;
import java.util.StringJoiner;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m u32}: takes 32-bit words out of the packet, counted from its IP header, and tests them
 * against ranges. xt_u32, libxt_u32.
 *
 * @param tests all must hold
 */
public record U32Match(List<Test> tests, boolean inverted) implements PacketMatch {

  /** The tests as given. */
  public U32Match {
    tests = List.copyOf(tests);
  }

  /** What is done with the value so far. */
  enum Operator {
    /** Takes the word at an offset: the first step of every test. */
    START(""),
    AND("&"),
    LEFT_SHIFT("<<"),
    RIGHT_SHIFT(">>"),
    /** Moves on by the value, then takes the word at an offset from there. */
    AT("@");

    final String text;

    Operator(String text) {
      this.text = text;
    }
  }

  /** An operator with its operand, unsigned. */
  record Step(Operator operator, int operand) {}

  /** An inclusive range of unsigned values. */
  record Range(int low, int high) {}

  /** One test: how a value is found, and the ranges of which it must be in one. */
  public record Test(List<Step> steps, List<Range> ranges) {
    /** The steps and ranges as given. */
    public Test {
      steps = List.copyOf(steps);
      ranges = List.copyOf(ranges);
    }

    private String text() {
      StringBuilder text = new StringBuilder();
      for (Step step : steps) {
        text.append(step.operator.text).append(RuleWriter.hex(step.operand));
      }
      StringJoiner values = new StringJoiner(",");
      for (Range r : ranges) {
        values.add(RuleWriter.hex(r.low) + (r.low == r.high ? "" : ":" + RuleWriter.hex(r.high)));
      }
      return text.append('=').append(values).toString();
    }
  }

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "u32";
    }

    @Override
    public String summary() {
      return "tests 32-bit words of the packet";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("u32", "tests").withInversion().required());
    }

    @Override
    public U32Match parse(Arguments arguments) {
      Argument argument = arguments.get("u32");
      return new U32Match(new U32Parser(argument).parse(), argument.inverted());
    }
  }

  @Override
  public void save(RuleWriter out) {
    StringJoiner text = new StringJoiner("&&", "\"", "\"");
    tests.forEach(test -> text.add(test.text()));
    out.option("u32", inverted, text);
  }

  @Override
  public Matcher bind(Binding binding) {
    Compiled[] all = tests.stream().map(Compiled::new).toArray(Compiled[]::new);
    return (packet, evaluation) -> {
      for (Compiled test : all) {
        if (!test.holds(packet)) {
          return inverted;
        }
      }
      return !inverted;
    };
  }

  /** A test as arrays. */
  private static final class Compiled {
    private final Operator[] operators;
    private final int[] operands;
    private final int[] low;
    private final int[] high;

    Compiled(Test test) {
      operators = test.steps.stream().map(Step::operator).toArray(Operator[]::new);
      operands = test.steps.stream().mapToInt(Step::operand).toArray();
      low = test.ranges.stream().mapToInt(Range::low).toArray();
      high = test.ranges.stream().mapToInt(Range::high).toArray();
    }

    boolean holds(Packet packet) {
      long base = 0;
      int value = 0;
      for (int i = 0; i < operators.length; i++) {
        int operand = operands[i];
        switch (operators[i]) {
          case AND -> value &= operand;
          case LEFT_SHIFT -> value <<= operand;
          case RIGHT_SHIFT -> value >>>= operand;
          default -> {
            base += operators[i] == Operator.AT ? value & 0xffffffffL : 0;
            long at = base + (operand & 0xffffffffL);
            if (at + 4 > packet.length()) {
              return false;
            }
            value = Bytes.i32(packet.buffer, packet.network + (int) at);
          }
        }
      }
      return inRange(value);
    }

    private boolean inRange(int value) {
      for (int i = 0; i < low.length; i++) {
        if (Integer.compareUnsigned(low[i], value) <= 0
            && Integer.compareUnsigned(value, high[i]) <= 0) {
          return true;
        }
      }
      return false;
    }
  }
}
