package org.fwreplay.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fwreplay.capture.Captures;
import org.fwreplay.capture.ReaderKind;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.diagnostic.Diagnostics;
import org.fwreplay.hook.Sockets;
import org.fwreplay.host.Host;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.ipset.SetReader;
import org.fwreplay.legacy.Ipchains;
import org.fwreplay.legacy.IpchainsParser;
import org.fwreplay.packet.Family;
import org.fwreplay.replay.ReplayInput;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.replay.ReplaySetup;
import org.fwreplay.report.Printable;
import org.fwreplay.rule.HostCheck;
import org.fwreplay.rule.Indexing;
import org.fwreplay.rule.ParseResult;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.rule.SetCheck;
import org.fwreplay.task.Task;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.SocketOwners;
import org.fwreplay.xt.SocketOwnersParser;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The input options that the commands share, and what they make: host, rulesets, captures. */
final class InputOptions extends Arguments {
  final Argument<Path> rules =
      file(
          "--rules",
          "IPv4 ruleset: what iptables-save prints, or a script of iptables commands; - is standard"
              + " input.");

  final Argument<Path> rules6 = file("--rules6", "IPv6 ruleset, likewise.");

  final Argument<Path> ipchains =
      file(
          "--ipchains",
          "Ruleset of ipchains, in the place of --rules: what ipchains-save prints, or ipchains"
              + " commands. IPv4 packets take the way of Linux 2.2.");

  final Argument<Path> ipset =
      file("--ipset", "The IP sets that rules name, as ipset save prints them.");

  final Argument<Path> host =
      folder(
          "--host",
          "The firewall host's dumps: addr.json route.json rule.json neigh.json link.json"
              + " (ip -j ... show), sysctl.txt (sysctl -a), sockets.txt (ss -tuln).");

  final CaptureOptions captures = include(new CaptureOptions());

  final Argument<Long> seed =
      option("--seed", "N", 0L, "Seed of what is random in Linux (default: ${DEFAULT-VALUE}).");

  final Argument<Indexing> indexing =
      option(
          "--index",
          "CHAINS",
          Indexing.LONG,
          "Which chains are searched by an index instead of rule by rule: ${COMPLETION-CANDIDATES}"
              + " (default: ${DEFAULT-VALUE}); with none, every packet walks, whatever others of its"
              + " flow met. The results are the same.");

  final Argument<ReaderKind> reader =
      option(
          "--reader",
          "KIND",
          ReaderKind.OWN,
          "Who frames classic pcap files: ${COMPLETION-CANDIDATES}.");

  final Argument<Boolean> allowUnsupported =
      flag(
          "--allow-unsupported",
          "Leave rules with unknown matches, targets or options out instead of refusing the"
              + " ruleset; reports say which.");

  /** How to take what a capture cannot decide. */
  enum Undecided {
    MATCH("match"),
    NO_MATCH("no-match"),
    FAIL("fail");

    private final String text;

    Undecided(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  final Argument<Undecided> undecided =
      option(
          "--undecided",
          "HOW",
          Undecided.NO_MATCH,
          new UndecidedConverter(),
          "How a rule is taken that a capture cannot decide: match, no-match (default), or fail:"
              + " end with exit code 1 and the rule's name.");

  /** Reads what {@code --undecided} says. */
  static final class UndecidedConverter implements CommandLine.ITypeConverter<Undecided> {
    @Override
    public Undecided convert(String value) {
      for (Undecided each : Undecided.values()) {
        if (each.text.equals(value)) {
          return each;
        }
      }
      throw new CommandLine.TypeConversionException(
          "\"" + value + "\" is none of match, no-match, fail");
    }
  }

  final Dialects dialects = include(new Dialects());

  final Argument<Path> socketOwners =
      file(
          "--socket-owners",
          "Who owns which socket of the host, for -m owner: lines of ss -tunape, or CSV with the"
              + " columns protocol, local_address, local_port, remote_address, remote_port, uid,"
              + " gid, groups. Otherwise socket-owners.txt of --host, if it is there.");

  final ListenerOptions listeners = include(new ListenerOptions());

  /** With {@code --undecided fail}: complains of a rule that the captures could not decide. */
  void checkDecided(ReplayRun run) throws IOException {
    String rule = undecided.get() == Undecided.FAIL ? run.undecidedRule() : null;
    if (rule != null) {
      throw new IOException(rule + ": no capture can decide this rule (--undecided fail)");
    }
  }

  /**
   * A run over all this, listeners not yet added.
   *
   * @param warnings what the rulesets' parsers had to say
   */
  record Prepared(
      ReplaySetup builder,
      List<Diagnostic> warnings,
      Ruleset four,
      Ruleset six,
      SetFile sets,
      Host host) {}

  /** The folder of the host's dumps as it was given, or null. */
  String hostName() {
    return host.get() == null ? null : host.get().toString();
  }

  /** Reads all but the captures; null where the rules were rejected. */
  Prepared prepare(CommandLine command) throws IOException {
    List<ReplayInput> inputs = captures.inputs(command);
    checkStandardInput(command, inputs);
    // Rules and dumps know nothing of each other, and reading either is half of a short run.
    Task<Host, IOException> dumps =
        host.get() == null ? null : Task.start("host", () -> Host.load(host.get()));
    SetFile before = sets(command, ipset.get());
    if (before == null) {
      return null;
    }
    Loaded four = load(command, rules.get(), Family.IPV4, before);
    // A script for both families makes its sets once.
    boolean same = rules.get() != null && rules.get().equals(rules6.get());
    Loaded six = load(command, rules6.get(), Family.IPV6, same ? before : four.sets);
    SetFile sets = same ? four.sets : six.sets;
    boolean rejected = four.rejected || six.rejected;
    if (rejected || !hasItsSets(command, four, sets) | !hasItsSets(command, six, sets)) {
      return null;
    }
    Host loaded = dumps == null ? null : dumps.result();
    if (loaded != null) {
      captures.checkInterfaces(command, loaded, inputs);
    }
    if (loaded != null && !(fits(command, four, loaded) & fits(command, six, loaded))) {
      return null;
    }
    Ipchains chains = ipchains(command);
    if (ipchains.get() != null && chains == null) {
      return null;
    }
    listeners.open(command);
    ReplaySetup builder =
        ReplayRun.builder()
            .host(loaded)
            .rules4(four.ruleset)
            .rules6(six.ruleset)
            .sets(sets)
            .sockets(sockets())
            .socketOwners(owners())
            .undecidedMatches(undecided.get() == Undecided.MATCH)
            .queues(listeners::atQueue)
            .diverts(listeners::atPort)
            .ipchains(chains)
            .seed(seed.get())
            .index(indexing.get())
            .reader(reader.get());
    captures.feed(command, inputs, builder);
    List<Diagnostic> warnings = new ArrayList<>(four.diagnostics);
    warnings.addAll(six.diagnostics);
    return new Prepared(builder, warnings, four.ruleset, six.ruleset, sets, loaded);
  }

  /** The sets of a file, none where it is null; null where they are wrong, which is told. */
  static SetFile sets(CommandLine command, Path ipset) throws IOException {
    if (ipset == null) {
      return SetFile.EMPTY;
    }
    Diagnostics diagnostics = new Diagnostics();
    SetReader sets = new SetReader();
    sets.text(diagnostics, name(ipset), text(ipset));
    print(command, diagnostics.list());
    return diagnostics.hasErrors() ? null : sets.finish();
  }

  /** The rules of ipchains; null where there are none or they are wrong. */
  private Ipchains ipchains(CommandLine command) throws IOException {
    if (ipchains.get() == null) {
      return null;
    }
    if (rules.get() != null) {
      throw new ParameterException(command, "give --rules or --ipchains, not both");
    }
    IpchainsParser.Result result = IpchainsParser.parse(name(ipchains.get()), text(ipchains.get()));
    print(command, result.diagnostics());
    if (result.ruleset() != null) {
      result.ruleset().compiledWith(listeners.passThrough.get(), listeners.defragment.get());
    }
    return result.ruleset();
  }

  private static boolean fits(CommandLine command, Loaded rules, Host host) {
    List<Diagnostic> unfit = rules.ruleset == null ? List.of() : HostCheck.run(rules.ruleset, host);
    print(command, unfit);
    return unfit.isEmpty();
  }

  private static boolean hasItsSets(CommandLine command, Loaded rules, SetFile sets) {
    List<Diagnostic> missing =
        rules.ruleset == null ? List.of() : SetCheck.run(rules.ruleset, sets);
    print(command, missing);
    return missing.isEmpty();
  }

  /** What listens on the host, or null where the dumps do not say. */
  private Sockets sockets() throws IOException {
    Path list = host.get() == null ? null : host.get().resolve("sockets.txt");
    return list != null && Files.exists(list) ? Sockets.parse(Files.readString(list)) : null;
  }

  private SocketOwners owners() throws IOException {
    Path list = socketOwners.get();
    if (list == null
        && host.get() != null
        && Files.exists(host.get().resolve("socket-owners.txt"))) {
      list = host.get().resolve("socket-owners.txt");
    }
    return list == null ? SocketOwners.NONE : SocketOwnersParser.parse(name(list), text(list));
  }

  /** Refuses standard input where several files would be it. */
  private void checkStandardInput(CommandLine command, List<ReplayInput> inputs) {
    Stream<Path> files =
        Stream.concat(
            Stream.of(rules.get(), rules6.get(), ipset.get(), socketOwners.get()),
            inputs.stream().map(ReplayInput::capture));
    long standardInput =
        files.filter(f -> f != null && f.toString().equals(Captures.STANDARD_INPUT)).count();
    if (standardInput > 1) {
      throw new ParameterException(command, "only one input can be standard input");
    }
  }

  private Extensions extensions() {
    Extensions all = dialects.extensions();
    listeners.choose(all);
    return all;
  }

  private record Loaded(
      Ruleset ruleset, boolean rejected, List<Diagnostic> diagnostics, SetFile sets) {}

  private Loaded load(CommandLine command, Path file, Family family, SetFile sets)
      throws IOException {
    if (file == null) {
      return new Loaded(null, false, List.of(), sets);
    }
    ParseResult result =
        RulesetParser.parse(
            family, name(file), text(file), extensions(), allowUnsupported.get(), sets);
    print(command, result.diagnostics());
    return new Loaded(result.ruleset(), !result.isValid(), result.diagnostics(), result.sets());
  }

  /** Reads a ruleset file, {@code -} for standard input. */
  static ParseResult read(Path file, Family family, boolean allowUnsupported) throws IOException {
    return RulesetParser.parse(
        family, name(file), text(file), Extensions.load(), allowUnsupported, SetFile.EMPTY);
  }

  static void print(CommandLine command, List<Diagnostic> diagnostics) {
    for (Diagnostic diagnostic : diagnostics) {
      command.getErr().println(Printable.of(diagnostic.toString()));
    }
  }

  static String name(Path file) {
    return isStandardInput(file) ? "standard input" : file.toString();
  }

  private static boolean isStandardInput(Path file) {
    return file.toString().equals(Captures.STANDARD_INPUT);
  }

  static String text(Path file) throws IOException {
    try {
      byte[] bytes = isStandardInput(file) ? System.in.readAllBytes() : Files.readAllBytes(file);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + ": permission denied", e);
    }
  }
}
