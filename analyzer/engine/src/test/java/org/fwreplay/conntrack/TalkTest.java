package org.fwreplay.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds connection tracking against what the kernel said of the same packets: every talk under
 * {@code resources/talks}, over IPv4 and IPv6.
 */
class TalkTest {
  @TestFactory
  Stream<DynamicContainer> connectionTrackingSaysWhatTheKernelSays()
      throws IOException, URISyntaxException {
    Path folder = Path.of(TalkTest.class.getResource("/talks").toURI());
    List<DynamicContainer> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path file : paths.sorted().toList()) {
        files.add(dynamicContainer(file.getFileName().toString(), tests(file)));
      }
    }
    assertThat(files).isNotEmpty();
    return files.stream();
  }

  private static List<DynamicTest> tests(Path file) throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Talk talk : Talk.read(file)) {
      for (boolean ipv6 : new boolean[] {false, true}) {
        if (talk.isFor(ipv6)) {
          String name = talk.title + (ipv6 ? " (IPv6)" : " (IPv4)");
          tests.add(dynamicTest(name, () -> assertThat(talk.differences(ipv6)).isEmpty()));
        }
      }
    }
    return tests;
  }
}
