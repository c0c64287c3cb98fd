package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the script that starts fwreplay says of classes, which no compiler looks at. */
class LauncherTest {
  private static final Pattern METHOD = Pattern.compile("CompileCommand=\\w+,([\\w.]+)::(\\w+)");

  @Test
  void theMethodsThatItNamesAreThere() throws IOException, ClassNotFoundException {
    String script = Files.readString(Commands.ROOT.resolve("fwreplay"));
    List<MatchResult> named = METHOD.matcher(script).results().toList();

    assertThat(named).isNotEmpty();
    for (MatchResult each : named) {
      Stream<Method> methods = Stream.of(Class.forName(each.group(1)).getDeclaredMethods());
      assertThat(methods.map(Method::getName)).as(each.group()).contains(each.group(2));
    }
  }
}
