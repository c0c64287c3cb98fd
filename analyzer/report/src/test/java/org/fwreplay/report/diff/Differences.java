package org.fwreplay.report.diff;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    return view(name, rules(OLD), now, causal);
  }

  /** The ruleset with further lines in its table mangle against the same with other lines. */
  static DiffView view(List<String> oldMangle, List<String> newMangle) throws IOException {
    return view("new.v4", withMangle("old.v4", oldMangle), withMangle("new.v4", newMangle), false);
  }

  private static Ruleset withMangle(String name, List<String> lines) throws IOException {
    String rules = Files.readString(Replays.ROOT.resolve(OLD));
    int end = rules.indexOf("COMMIT", rules.indexOf("*mangle"));
    String text = rules.substring(0, end) + String.join("\n", lines) + "\n" + rules.substring(end);
    return Replays.ruleset(Family.IPV4, name, text);
  }

  private static DiffView view(String name, Ruleset old, Ruleset now, boolean causal)
      throws IOException {
    Host host = Host.load(Replays.ROOT.resolve("captures/home-router/kernel"));
    Comparison comparison =
        new Comparison(
            Replays.builder("home-router"),
            new Comparison.Side(old, null, SetFile.EMPTY, "", host, ""),
            new Comparison.Side(now, null, SetFile.EMPTY, "", host, ""),
            causal,
            (done, total) -> {});
    return new DiffView(comparison.run(), "test", OLD, name, Accepted.NOTHING);
  }
}
