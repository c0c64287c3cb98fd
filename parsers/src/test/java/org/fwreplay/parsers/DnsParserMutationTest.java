package org.fwreplay.parsers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsParserMutationTest {
  private static final int MESSAGES = Integer.getInteger("fwreplay.messages", 100_000);
  private static final long SEED = Long.getLong("fwreplay.seed", 20260101L);

  /** Octets that mean something where they land: pointers, labels of all kinds, counts, OPT. */
  private static final byte[] TELLING = {
    0, 1, 2, 12, 41, 63, 64, 127, (byte) 0x80, (byte) 0xc0, -1
  };

  private static final byte[][] MESSAGES_TO_MUTATE = {
    new DnsBytes().header(1, 0x100, 1, 0, 0, 0).labels("www", "example", "com").u2(1, 1).toBytes(),
    new DnsBytes()
        .header(2, 0x8180, 1, 2, 1, 1)
        .labels("mail", "example", "org")
        .u2(15, 1)
        .pointer(12)
        .u2(15, 1)
        .u4(300)
        .u2(6, 10)
        .label("m")
        .pointer(17)
        .pointer(12)
        .u2(1, 1)
        .u4(300)
        .u2(4)
        .u4(0x0a00_0001)
        .pointer(17)
        .u2(2, 1)
        .u4(300)
        .u2(2)
        .pointer(12)
        .labels()
        .u2(41, 1232)
        .u4(0x8000)
        .u2(12, 10, 8, 1, 2, 3, 4)
        .toBytes(),
    new DnsBytes()
        .header(3, 0x8180, 1, 3, 0, 0)
        .labels("sip", "example", "org")
        .u2(33, 1)
        .pointer(12)
        .u2(33, 1)
        .u4(300)
        .u2(12, 1, 2, 5060)
        .label("one")
        .pointer(12)
        .pointer(16)
        .u2(16, 1)
        .u4(300)
        .u2(8)
        .label("abc")
        .label("def")
        .pointer(16)
        .u2(6, 1)
        .u4(300)
        .u2(26)
        .label("n")
        .pointer(16)
        .pointer(12)
        .u4(1)
        .u4(2)
        .u4(3)
        .u4(4)
        .u4(5)
        .toBytes(),
  };

  @Test
  void noMutatedMessageMakesTheParserThrowOrCostMuch() {
    Random random = new Random(SEED);
    int whole = 0;
    int cut = 0;
    for (int i = 0; i < MESSAGES; i++) {
      byte[] message = mutated(random);
      DnsResult result = Cost.bounded(() -> parse(message), () -> name(message));
      assertThat(result.isWhole() && result.message().isEmpty()).isFalse();
      whole += result.isWhole() ? 1 : 0;
      cut += !result.isWhole() && result.message().isPresent() ? 1 : 0;
    }
    assertThat(whole)
        .as("whole messages, seed %d", SEED)
        .isBetween(MESSAGES / 10, MESSAGES * 9 / 10);
    assertThat(cut).as("messages with a damaged end, seed %d", SEED).isGreaterThan(MESSAGES / 20);
  }

  private static DnsResult parse(byte[] message) {
    try {
      return DnsParser.parse(message, 0, message.length);
    } catch (RuntimeException | Error e) {
      return fail(name(message), e);
    }
  }

  private static String name(byte[] message) {
    return "seed " + SEED + " " + HexFormat.of().formatHex(message);
  }

  private static byte[] mutated(Random random) {
    byte[] message = MESSAGES_TO_MUTATE[random.nextInt(MESSAGES_TO_MUTATE.length)].clone();
    for (int n = random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(message.length);
      message[at] =
          random.nextBoolean()
              ? TELLING[random.nextInt(TELLING.length)]
              : (byte) (message[at] ^ 1 << random.nextInt(8));
    }
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(message, random.nextInt(message.length));
      case 1 -> Arrays.copyOf(message, message.length + random.nextInt(40));
      default -> message;
    };
  }
}
