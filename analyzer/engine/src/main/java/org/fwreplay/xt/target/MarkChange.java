package org.fwreplay.xt.target;

import java.util.List;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Option;

/**
 * What {@code --set-mark} and its likes do to a mark, brought to the one form that MARK and
 * CONNMARK have in the kernel: the bits of {@code mask} are cleared, then {@code value} is XORed
 * in.
 */
record MarkChange(int value, int mask) {
  private static final String OPERATION = "operation";

  /** The options, which exclude each other and all else of their group. */
  static final List<Option> OPTIONS =
      List.of(
          Option.of("set-xmark", "value[/mask]").excluding(OPERATION),
          Option.of("set-mark", "value[/mask]").excluding(OPERATION),
          Option.of("and-mark", "value").excluding(OPERATION),
          Option.of("or-mark", "value").excluding(OPERATION),
          Option.of("xor-mark", "value").excluding(OPERATION));

  /** The change that an option asks for, or null for an option that is none of these. */
  static MarkChange of(Argument argument) {
    return switch (argument.option()) {
      case "set-xmark" -> {
        Argument.Masked m = argument.masked32();
        yield new MarkChange(m.value(), m.mask());
      }
      case "set-mark" -> {
        Argument.Masked m = argument.masked32();
        yield new MarkChange(m.value(), m.value() | m.mask());
      }
      case "and-mark" -> new MarkChange(0, ~number(argument));
      case "or-mark" -> new MarkChange(number(argument), number(argument));
      case "xor-mark" -> new MarkChange(number(argument), 0);
      default -> null;
    };
  }

  private static int number(Argument argument) {
    return (int) argument.unsigned(0, 0xffffffffL);
  }

  int apply(int mark) {
    return (mark & ~mask) ^ value;
  }
}
