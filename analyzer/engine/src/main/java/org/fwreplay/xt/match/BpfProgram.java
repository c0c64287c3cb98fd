package org.fwreplay.xt.match;

import java.util.Arrays;
import java.util.List;
import org.fwreplay.host.Host;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Evaluation;

/**
 * A program of the classic Berkeley Packet Filter, run as Linux runs it: {@code net/core/filter.c},
 * {@code linux/bpf_common.h}. Not for several threads.
 */
final class BpfProgram {
  /**
   * An instruction: {@code struct sock_filter}.
   *
   * @param code operation, 16 bits
   * @param ifTrue how many instructions a jump skips where its condition holds
   * @param ifFalse how many it skips otherwise
   * @param k operand, 32 bits
   */
  record Instruction(int code, int ifTrue, int ifFalse, int k) {}

  private static final int CLASS = 0x07;
  private static final int LD = 0x00;
  private static final int LDX = 0x01;
  private static final int ST = 0x02;
  private static final int STX = 0x03;
  private static final int ALU = 0x04;
  private static final int JMP = 0x05;
  private static final int RET = 0x06;
  private static final int MISC = 0x07;

  private static final int SIZE = 0x18;
  private static final int HALF = 0x08;
  private static final int BYTE = 0x10;

  private static final int MODE = 0xe0;
  private static final int IMMEDIATE = 0x00;
  private static final int ABSOLUTE = 0x20;
  private static final int INDIRECT = 0x40;
  private static final int MEMORY = 0x60;
  private static final int LENGTH = 0x80;
  private static final int HEADER_LENGTH = 0xa0;

  private static final int OPERATION = 0xf0;
  private static final int DIVIDE = 0x30;
  private static final int LEFT_SHIFT = 0x60;
  private static final int RIGHT_SHIFT = 0x70;
  private static final int NEGATE = 0x80;
  private static final int MODULO = 0x90;
  private static final int XOR = 0xa0;
  private static final int FROM_X = 0x08;
  private static final int RETURN_A = 0x10;
  private static final int TXA = 0x80;

  /** Jumps: always, equal, greater, not less, bits set. */
  private static final int ALWAYS = 0x00;

  private static final int LAST_JUMP = 0x40;

  /** Where addresses that are no offsets in the packet begin: what Linux knows beside it. */
  private static final int ANCILLARY = -0x1000;

  private static final int NETWORK_HEADER = -0x100000;
  private static final int LINK_HEADER = -0x200000;
  private static final int LAST_ANCILLARY = 60;
  private static final int PROTOCOL = 0;
  private static final int PACKET_TYPE = 4;
  private static final int INTERFACE = 8;
  private static final int MARK = 20;
  private static final int XOR_X = 40;

  private static final int CELLS = 16;

  private final int[] codes;
  private final int[] ifTrue;
  private final int[] ifFalse;
  private final int[] operands;
  private final int[] memory = new int[CELLS];
  private final Host host;

  /** What the last load gave; meaningful unless it said that the program ends. */
  private int loaded;

  private boolean unknown;

  BpfProgram(List<Instruction> program, Host host) {
    codes = program.stream().mapToInt(Instruction::code).toArray();
    ifTrue = program.stream().mapToInt(Instruction::ifTrue).toArray();
    ifFalse = program.stream().mapToInt(Instruction::ifFalse).toArray();
    operands = program.stream().mapToInt(Instruction::k).toArray();
    this.host = host;
  }

  /** Why the kernel refuses a program, or null: {@code bpf_check_classic}. */
  static String check(List<Instruction> program) {
    int size = program.size();
    for (int at = 0; at < size; at++) {
      String refusal = refusal(program.get(at), size - at - 1);
      if (refusal != null) {
        return "instruction " + at + ": " + refusal;
      }
    }
    int last = program.get(size - 1).code;
    if (last != RET && last != (RET | RETURN_A)) {
      return "the last instruction does not return";
    }
    return readsOnlyWhatWasStored(program) ? null : "memory is read before it is written";
  }

  private static String refusal(Instruction i, int behind) {
    if (!isKnown(i.code)) {
      return "unknown code " + i.code;
    }
    boolean unsafe =
        switch (i.code & CLASS) {
          case ALU -> isUnsafe(i);
          case LD -> isUnsafeLoad(i);
          case LDX -> (i.code & MODE) == MEMORY && isNoCell(i.k);
          case ST, STX -> isNoCell(i.k);
          case JMP ->
              (i.code & OPERATION) == ALWAYS
                  ? Integer.compareUnsigned(i.k, behind) >= 0
                  : i.ifTrue >= behind || i.ifFalse >= behind;
          default -> false;
        };
    return unsafe ? "its operand is out of range" : null;
  }

  private static boolean isNoCell(int k) {
    return k < 0 || k >= CELLS;
  }

  private static boolean isUnsafe(Instruction i) {
    if ((i.code & FROM_X) != 0) {
      return false;
    }
    return switch (i.code & OPERATION) {
      case DIVIDE, MODULO -> i.k == 0;
      case LEFT_SHIFT, RIGHT_SHIFT -> i.k < 0 || i.k >= 32;
      default -> false;
    };
  }

  private static boolean isUnsafeLoad(Instruction i) {
    return switch (i.code & MODE) {
      case MEMORY -> isNoCell(i.k);
      case ABSOLUTE -> {
        int ancillary = i.k - ANCILLARY;
        boolean beside = i.k < 0 && ancillary >= 0;
        yield beside && (ancillary > LAST_ANCILLARY || (ancillary & 3) != 0);
      }
      default -> false;
    };
  }

  private static boolean isKnown(int code) {
    return switch (code & CLASS) {
      case LD ->
          switch (code & MODE) {
            case ABSOLUTE, INDIRECT -> code <= 0xff && (code & SIZE) != SIZE;
            case IMMEDIATE, MEMORY, LENGTH -> (code & ~MODE) == LD && code <= 0xff;
            default -> false;
          };
      case LDX ->
          code == LDX
              || code == (LDX | MEMORY)
              || code == (LDX | LENGTH)
              || code == (LDX | BYTE | HEADER_LENGTH);
      case ST, STX -> code == ST || code == STX;
      case ALU ->
          (code & OPERATION) == NEGATE
              ? code == (ALU | NEGATE)
              : (code & ~(OPERATION | FROM_X)) == ALU && (code & OPERATION) <= XOR;
      case JMP ->
          (code & OPERATION) == ALWAYS
              ? code == JMP
              : (code & ~(OPERATION | FROM_X)) == JMP && (code & OPERATION) <= LAST_JUMP;
      case RET -> code == RET || code == (RET | RETURN_A);
      default -> code == MISC || code == (MISC | TXA);
    };
  }

  /** {@code check_load_and_stores}. */
  private static boolean readsOnlyWhatWasStored(List<Instruction> program) {
    int[] masks = new int[program.size()];
    Arrays.fill(masks, -1);
    int valid = 0;
    for (int at = 0; at < masks.length; at++) {
      Instruction i = program.get(at);
      valid &= masks[at];
      switch (i.code & CLASS) {
        case ST, STX -> valid |= 1 << i.k;
        case LD, LDX -> {
          if ((i.code & MODE) == MEMORY && (valid & 1 << i.k) == 0) {
            return false;
          }
        }
        case JMP -> {
          boolean always = (i.code & OPERATION) == ALWAYS;
          masks[at + 1 + (always ? i.k : i.ifTrue)] &= valid;
          masks[at + 1 + (always ? i.k : i.ifFalse)] &= valid;
          valid = -1;
        }
        default -> {}
      }
    }
    return true;
  }

  /** Whether the program returns anything but 0 for a packet. */
  boolean matches(Packet packet, Evaluation evaluation) {
    unknown = false;
    boolean result = run(packet, evaluation) != 0;
    return unknown ? evaluation.undecided(packet) : result;
  }

  private int run(Packet packet, Evaluation evaluation) {
    int a = 0;
    int x = 0;
    for (int pc = 0; ; pc++) {
      int code = codes[pc];
      int k = operands[pc];
      switch (code & CLASS) {
        case LD -> {
          if (isXor(code, k)) {
            a ^= x;
          } else if (!load(packet, evaluation, code, k, x)) {
            return 0;
          } else {
            a = loaded;
          }
        }
        case LDX -> {
          if (!load(packet, evaluation, code, k, 0)) {
            return 0;
          }
          x = loaded;
        }
        case ST -> memory[k] = a;
        case STX -> memory[k] = x;
        case ALU -> {
          int operand = (code & FROM_X) != 0 ? x : k;
          int operation = code & OPERATION;
          if (operand == 0 && (operation == DIVIDE || operation == MODULO)) {
            return 0;
          }
          a = calculate(operation, a, operand);
        }
        case JMP -> {
          int operand = (code & FROM_X) != 0 ? x : k;
          if ((code & OPERATION) == ALWAYS) {
            pc += k;
          } else {
            pc += holds(code & OPERATION, a, operand) ? ifTrue[pc] : ifFalse[pc];
          }
        }
        case RET -> {
          return code == RET ? k : a;
        }
        default -> {
          if (code == MISC) {
            x = a;
          } else {
            a = x;
          }
        }
      }
    }
  }

  private static boolean isXor(int code, int k) {
    return (code & MODE) == ABSOLUTE && k == ANCILLARY + XOR_X;
  }

  private static int calculate(int operation, int a, int operand) {
    return switch (operation) {
      case 0x00 -> a + operand;
      case 0x10 -> a - operand;
      case 0x20 -> a * operand;
      case DIVIDE -> Integer.divideUnsigned(a, operand);
      case 0x40 -> a | operand;
      case 0x50 -> a & operand;
      case LEFT_SHIFT -> a << operand;
      case RIGHT_SHIFT -> a >>> operand;
      case NEGATE -> -a;
      case MODULO -> Integer.remainderUnsigned(a, operand);
      default -> a ^ operand;
    };
  }

  private static boolean holds(int operation, int a, int operand) {
    return switch (operation) {
      case 0x10 -> a == operand;
      case 0x20 -> Integer.compareUnsigned(a, operand) > 0;
      case 0x30 -> Integer.compareUnsigned(a, operand) >= 0;
      default -> (a & operand) != 0;
    };
  }

  /** Puts a value into {@link #loaded}, or says that the program ends with 0. */
  private boolean load(Packet packet, Evaluation evaluation, int code, int k, int x) {
    switch (code & MODE) {
      case IMMEDIATE -> loaded = k;
      case MEMORY -> loaded = memory[k];
      case LENGTH -> loaded = packet.length();
      case ABSOLUTE -> {
        if (k < 0 && k >= ANCILLARY) {
          loaded = ancillary(packet, evaluation, k - ANCILLARY);
          return true;
        }
        return read(packet, code & SIZE, k);
      }
      case INDIRECT -> {
        return read(packet, code & SIZE, k + x);
      }
      default -> {
        boolean there = read(packet, BYTE, k);
        loaded = (loaded & 15) << 2;
        return there;
      }
    }
    return true;
  }

  private boolean read(Packet packet, int size, int offset) {
    long at = packet.network + (long) offset;
    int start = packet.network;
    if (offset < 0) {
      boolean network = offset >= NETWORK_HEADER;
      if (!network && (offset < LINK_HEADER || packet.mac < 0)) {
        return false;
      }
      start = network ? packet.network : packet.mac;
      at = start + (long) offset - (network ? NETWORK_HEADER : LINK_HEADER);
    }
    int bytes = size == BYTE ? 1 : size == HALF ? 2 : 4;
    if (at + bytes > packet.end) {
      return false;
    }
    loaded =
        switch (size) {
          case BYTE -> Bytes.u8(packet.buffer, (int) at);
          case HALF -> Bytes.u16(packet.buffer, (int) at);
          default -> Bytes.i32(packet.buffer, (int) at);
        };
    return true;
  }

  /** What the kernel knows beside the packet; most of it no capture tells. */
  private int ancillary(Packet packet, Evaluation evaluation, int what) {
    switch (what) {
      case PROTOCOL:
        return packet.ipv6 ? 0x86dd : 0x0800;
      case PACKET_TYPE:
        return packet.type;
      case MARK:
        return packet.mark;
      case INTERFACE:
        int id = evaluation.hook == Hook.POSTROUTING ? evaluation.out : evaluation.in;
        if (id >= 0) {
          return host.networkInterface(id).ifindex();
        }
        break;
      default:
        break;
    }
    unknown = true;
    return 0;
  }
}
