package org.fwreplay.report.diff;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fwreplay.diff.Comparison;
import org.fwreplay.host.Host;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.packet.Family;
import org.fwreplay.report.Replays;
import org.fwreplay.rule.Ruleset;

/** Comparisons of the home router's ruleset with changed ones. */
public final class Differences {
  static final Path CASES = Replays.ROOT.resolve("captures/diff");
  private static final String OLD = "rulesets/home-router/rules.v4";

  private Differences() {}

  static Ruleset rules(String file) throws IOException {
    return Replays.ruleset(Family.IPV4, file, Files.readString(Replays.ROOT.resolve(file)));
  }

  /** A case of captures/diff. */
  public static DiffView view(String name, boolean causal) throws IOException {
    String now = "captures/diff/" + name + "/new.v4";
    return view(now, rules(now), causal);
  }

  /** The ruleset against another. */
  public static DiffView view(String name, Ruleset now, boolean causal) throws IOException {
    Host host = Host.load(Replays.ROOT.resolve("captures/home-router/kernel"));
    Comparison comparison =
        new Comparison(
            Replays.builder("home-router"),
            new Comparison.Side(rules(OLD), null, SetFile.EMPTY, "", host, ""),
            new Comparison.Side(now, null, SetFile.EMPTY, "", host, ""),
            causal,
            (done, total) -> {});
    return new DiffView(comparison.run(), "test", OLD, name, Accepted.NOTHING);
  }
}
