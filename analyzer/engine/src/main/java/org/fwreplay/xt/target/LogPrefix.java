package org.fwreplay.xt.target;

import java.nio.charset.StandardCharsets;
import org.fwreplay.xt.Argument;

/** The prefix of LOG and NFLOG. */
final class LogPrefix {
  private LogPrefix() {}

  /** The option's value, cut without a word to what the kernel's field holds, in bytes of UTF-8. */
  static String of(Argument argument, int bytes) {
    String text = argument.text();
    if (text.isEmpty()) {
      throw argument.fail("--" + argument.option() + ": the prefix is empty");
    }
    if (text.indexOf('\n') >= 0) {
      throw argument.fail("--" + argument.option() + ": the prefix has a line break");
    }
    int length = text.length();
    while (text.substring(0, length).getBytes(StandardCharsets.UTF_8).length > bytes) {
      length = text.offsetByCodePoints(length, -1);
    }
    return text.substring(0, length);
  }
}
