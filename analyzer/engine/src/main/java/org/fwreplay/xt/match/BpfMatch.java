package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m bpf}: runs a program of the classic Berkeley Packet Filter on the packet, from its IP
 * header on, and matches unless it returns 0. xt_bpf, libxt_bpf.
 *
 * @param program checked as the kernel does
 */
public record BpfMatch(List<BpfProgram.Instruction> program) implements PacketMatch {
  private static final int MAX_INSTRUCTIONS = 64;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "bpf";
    }

    @Override
    public String summary() {
      return "runs a classic BPF program on the packet";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("bytecode", "program").excluding("program"),
          Option.of("object-pinned", "path").excluding("program"));
    }

    @Override
    public BpfMatch parse(Arguments arguments) {
      Argument pinned = arguments.find("object-pinned");
      if (pinned != null) {
        throw pinned.fail(
            "--object-pinned: the program is in the firewall's kernel and not in the ruleset;"
                + " only --bytecode can be replayed");
      }
      Argument argument = arguments.find("bytecode");
      if (argument == null) {
        throw arguments.fail("bpf needs \"--bytecode\"");
      }
      List<BpfProgram.Instruction> program = program(argument);
      String refusal = BpfProgram.check(program);
      if (refusal != null) {
        throw argument.fail("--bytecode: " + refusal);
      }
      return new BpfMatch(program);
    }

    /** {@code LENGTH,CODE JT JF K,CODE JT JF K...}. */
    private static List<BpfProgram.Instruction> program(Argument argument) {
      String text = argument.text();
      int cut = text.indexOf(',');
      if (cut < 0) {
        throw argument.fail("--bytecode: LENGTH,CODE JT JF K,... is expected");
      }
      long length = argument.number(text.substring(0, cut).strip(), 1, MAX_INSTRUCTIONS);
      String[] parts = text.substring(cut + 1).split(",");
      if (parts.length != length) {
        throw argument.fail(
            "--bytecode: " + parts.length + " instructions, though its length says " + length);
      }
      BpfProgram.Instruction[] program = new BpfProgram.Instruction[parts.length];
      for (int i = 0; i < parts.length; i++) {
        String[] words = parts[i].strip().split("\\s+");
        if (words.length != 4) {
          throw argument.fail("--bytecode: instruction " + i + " is not CODE JT JF K");
        }
        program[i] =
            new BpfProgram.Instruction(
                (int) argument.number(words[0], 0, 0xffff),
                (int) argument.number(words[1], 0, 0xff),
                (int) argument.number(words[2], 0, 0xff),
                (int) argument.number(words[3], 0, 0xffffffffL));
      }
      return List.of(program);
    }
  }

  @Override
  public void save(RuleWriter out) {
    StringBuilder text = new StringBuilder().append('"').append(program.size());
    for (BpfProgram.Instruction i : program) {
      text.append(',').append(i.code()).append(' ').append(i.ifTrue()).append(' ');
      text.append(i.ifFalse()).append(' ').append(Integer.toUnsignedString(i.k()));
    }
    out.option("bytecode", text.append('"'));
  }

  @Override
  public Matcher bind(Binding binding) {
    BpfProgram bound = new BpfProgram(program, binding.host());
    return bound::matches;
  }
}
