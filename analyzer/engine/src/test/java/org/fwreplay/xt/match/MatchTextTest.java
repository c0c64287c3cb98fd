package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.fwreplay.packet.Family;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.OptionException;
import org.fwreplay.xt.OptionsText;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * How matches are read and saved. Beside this class lies {@code NAME.t} for each: lines of
 *
 * <pre>
 * [4|6] [CHAIN] OPTIONS =&gt; same               accepted and saved as written
 * [4|6] [CHAIN] OPTIONS =&gt; OPTIONS            accepted and saved like that
 * [4|6] [CHAIN] OPTIONS =&gt; rejected: PART     rejected with a message that has that part
 * </pre>
 */
class MatchTextTest {
  private static final String ARROW = " => ";
  private static final String REJECTED = "rejected: ";

  @TestFactory
  Stream<DynamicContainer> everyMatchIsReadAndSavedAsItsTextsSay() {
    return ServiceLoader.load(MatchExtension.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(e -> e.getClass().getPackageName().equals(MatchTextTest.class.getPackageName()))
        .map(e -> dynamicContainer(e.name(), texts(e).stream().flatMap(line -> tests(e, line))));
  }

  private static List<String> texts(MatchExtension extension) {
    String name = extension.name() + ".t";
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                MatchTextTest.class.getResourceAsStream(name), StandardCharsets.UTF_8))) {
      return in.lines().toList();
    } catch (IOException | NullPointerException e) {
      throw new AssertionError("no texts for " + extension.name() + ": " + name, e);
    }
  }

  private static Stream<DynamicNode> tests(MatchExtension extension, String line) {
    return Stream.of(Family.values())
        .filter(extension.families()::contains)
        .filter(f -> !line.startsWith(f == Family.IPV4 ? "6 " : "4 "))
        .map(f -> dynamicTest(f + " " + line, () -> check(extension, f, line)));
  }

  private static void check(MatchExtension extension, Family family, String line) {
    String text = line.matches("[46] .*") ? line.substring(2) : line;
    String chain = text.matches("[A-Z]+ .*") ? text.substring(0, text.indexOf(' ')) : "FORWARD";
    text = text.replaceFirst("^[A-Z]+ (?!=>)", "");
    int cut = text.indexOf(ARROW);
    String options = text.substring(0, cut);
    String expected = text.substring(cut + ARROW.length());
    if (expected.startsWith(REJECTED)) {
      OptionException complaint =
          catchThrowableOfType(
              OptionException.class, () -> read(extension, family, chain, options));
      assertThat(complaint).as("complaint").isNotNull();
      assertThat(complaint).hasMessageContaining(expected.substring(REJECTED.length()));
    } else {
      assertThat(read(extension, family, chain, options))
          .isEqualTo(withoutProtocol(expected.equals("same") ? options : expected));
    }
  }

  private static String read(
      MatchExtension extension, Family family, String chain, String options) {
    Arguments arguments = OptionsText.read(extension, family, "filter", chain, options);
    return OptionsText.saved(extension.parse(arguments), family);
  }

  private static String withoutProtocol(String options) {
    return options.replaceFirst("^(! )?-p \\S+ ?", "").trim();
  }
}
