package org.fwreplay.parsers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SipParserMutationTest {
  private static final int MESSAGES = Integer.getInteger("fwreplay.messages", 100_000);
  private static final long SEED = Long.getLong("fwreplay.seed", 20260102L);

  /** What means something where it lands. */
  private static final String[] TELLING = {
    "\r\n",
    "\n",
    "\r",
    "\n ",
    "\r\n\t",
    ":",
    " ",
    "/",
    "=",
    "\n\n",
    "SIP/2.0",
    "l: 99999999999\n",
    "Content-Length: -1\r\n",
    "c=",
    "m=",
    "m=audio 70000 x\n",
    "\0",
    "\u00e9",
    "\u00ff",
    "0",
    "9"
  };

  private static final String[] MESSAGES_TO_MUTATE = {
    SipText.INVITE,
    SipText.FOLDED,
    SipText.INVITE.replace("\n", "\r\n"),
    SipText.FOLDED.replace("\n", "\r\n"),
    SipText.FOLDED + SipText.INVITE,
  };

  @Test
  void noMutatedMessageMakesTheParserThrowOrCostMuch() {
    Random random = new Random(SEED);
    int whole = 0;
    int damaged = 0;
    for (int i = 0; i < MESSAGES; i++) {
      byte[] message = mutated(random);
      SipResult result = Cost.bounded(() -> parse(message), () -> name(message));
      whole += result.isWhole() ? 1 : 0;
      damaged += !result.isWhole() && !result.messages().isEmpty() ? 1 : 0;
    }
    assertThat(whole).as("whole messages, seed %d", SEED).isGreaterThan(MESSAGES / 10);
    assertThat(damaged).as("damaged messages, seed %d", SEED).isGreaterThan(MESSAGES / 10);
  }

  private static SipResult parse(byte[] message) {
    try {
      return SipParser.parse(message, 0, message.length);
    } catch (RuntimeException | Error e) {
      return fail(name(message), e);
    }
  }

  private static String name(byte[] message) {
    return "seed " + SEED + ", " + new String(message, ISO_8859_1);
  }

  private static byte[] mutated(Random random) {
    StringBuilder text =
        new StringBuilder(MESSAGES_TO_MUTATE[random.nextInt(MESSAGES_TO_MUTATE.length)]);
    for (int n = random.nextInt(5); n > 0 && !text.isEmpty(); n--) {
      int at = random.nextInt(text.length());
      int to = Math.min(text.length(), at + random.nextInt(8));
      switch (random.nextInt(5)) {
        case 0 -> text.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(8)));
        case 1 -> text.delete(at, to);
        case 2 -> text.insert(random.nextInt(text.length()), text.substring(at, to));
        case 3 -> text.setLength(at);
        default -> text.replace(at, to, TELLING[random.nextInt(TELLING.length)]);
      }
    }
    return text.toString().getBytes(ISO_8859_1);
  }
}
