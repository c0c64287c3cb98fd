package org.fwreplay.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.diagnostic.Diagnostics;
import org.fwreplay.hook.Sockets;
import org.fwreplay.host.Host;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.ipset.SetReader;
import org.fwreplay.packet.Family;
import org.fwreplay.replay.ReplayInput;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.replay.ReplaySetup;
import org.fwreplay.rule.ParseResult;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.xt.Extensions;

/** Runs for tests: of the recorded cases, and of made-up traffic. */
public final class Replays {
  /** The top of the project. */
  public static final Path ROOT = Path.of("../..");

  private Replays() {}

  /** Names of the recorded cases. */
  public static List<String> cases() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT.resolve("captures"))) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("kernel")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /** The run of a recorded case, not started. */
  public static ReplayRun recorded(String name) throws IOException {
    return builder(name).build();
  }

  /** What the run of a recorded case is made from. */
  public static ReplaySetup builder(String name) throws IOException {
    Path kernel = ROOT.resolve("captures").resolve(name).resolve("kernel");
    Path rules = ROOT.resolve("rulesets").resolve(name);
    Path list = kernel.resolve("sockets.txt");
    ReplaySetup builder =
        ReplayRun.builder()
            .host(Host.load(kernel))
            .sockets(Files.exists(list) ? Sockets.parse(Files.readString(list)) : null)
            .sets(sets(rules.resolve("ipset.save")))
            .rules4(ruleset(Family.IPV4, rules.resolve("rules.v4")))
            .rules6(ruleset(Family.IPV6, rules.resolve("rules.v6")));
    try (Stream<Path> files = Files.list(kernel)) {
      for (Path file : files.sorted().toList()) {
        String[] parts = file.getFileName().toString().split("\\.");
        if (parts[0].equals("in")) {
          builder.input(ReplayInput.at(parts[1], file));
        } else if (file.endsWith("local.pcap")) {
          builder.input(ReplayInput.ofHost(file));
        }
      }
    }
    return builder;
  }

  private static SetFile sets(Path file) throws IOException {
    SetReader reader = new SetReader();
    if (Files.exists(file)) {
      Diagnostics diagnostics = new Diagnostics();
      reader.text(diagnostics, file.toString(), Files.readString(file));
      assertThat(diagnostics.list()).as("what the reader of sets has to say").isEmpty();
    }
    return reader.finish();
  }

  private static Ruleset ruleset(Family family, Path file) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    return ruleset(family, ROOT.relativize(file).toString(), Files.readString(file));
  }

  /** A ruleset from its text. */
  public static Ruleset ruleset(Family family, String file, String text) {
    ParseResult result = RulesetParser.parse(family, file, text, Extensions.load());
    assertThat(result.diagnostics()).as("what the parser has to say").isEmpty();
    return result.ruleset();
  }

  /** The run of made-up traffic through an IPv4 ruleset and a guessed host, not started. */
  public static ReplayRun of(String rules, Traffic traffic, Path dir) throws IOException {
    ReplaySetup builder = ReplayRun.builder().rules4(ruleset(Family.IPV4, "rules.v4", rules));
    traffic.write(dir).forEach(builder::input);
    return builder.build();
  }

  /** The result of a run with all details; the run is done here. */
  public static ReplayResult result(ReplayRun run) throws IOException {
    return result(run, List.of());
  }

  /** The result of a run with all details, with what the rulesets' parser had to say. */
  public static ReplayResult result(ReplayRun run, List<Diagnostic> warnings) throws IOException {
    ReplayCollector collector = new ReplayCollector(run).withDetails();
    run.listen(collector).run();
    collector.finish();
    String host = run.isHostGuessed() ? null : "host";
    return collector.result(new ReplayResult.Setup("test", host, warnings));
  }

  /** A result as JSON. */
  public static String json(ReplayResult result) {
    StringWriter out = new StringWriter();
    JsonReport.write(result, out);
    return out.toString();
  }
}
