package org.fwreplay.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
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
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.SocketOwners;
import org.fwreplay.xt.SocketOwnersParser;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The input options that the commands share, and what they make: host, rulesets, captures. */
final class InputOptions {
  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description =
          "IPv4 ruleset: what iptables-save prints, or a script of iptables commands; - is standard"
              + " input.")
  Path rules;

  @Option(names = "--rules6", paramLabel = "FILE", description = "IPv6 ruleset, likewise.")
  Path rules6;

  @Option(
      names = "--ipchains",
      paramLabel = "FILE",
      description =
          "Ruleset of ipchains, in the place of --rules: what ipchains-save prints, or ipchains"
              + " commands. IPv4 packets take the way of Linux 2.2.")
  Path ipchains;

  @Option(
      names = "--ipset",
      paramLabel = "FILE",
      description = "The IP sets that rules name, as ipset save prints them.")
  Path ipset;

  @Option(
      names = "--host",
      paramLabel = "DIR",
      description =
          "The firewall host's dumps: addr.json route.json rule.json neigh.json link.json"
              + " (ip -j ... show), sysctl.txt (sysctl -a), sockets.txt (ss -tuln).")
  Path host;

  @Mixin CaptureOptions captures;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of what is random in Linux (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--index",
      paramLabel = "CHAINS",
      description =
          "Which chains are searched by an index instead of rule by rule: ${COMPLETION-CANDIDATES}"
              + " (default: ${DEFAULT-VALUE}); with none, every packet walks, whatever others of its"
              + " flow met. The results are the same.")
  Indexing indexing = Indexing.LONG;

  @Option(
      names = "--reader",
      paramLabel = "KIND",
      description = "Who frames classic pcap files: ${COMPLETION-CANDIDATES}.")
  ReaderKind reader = ReaderKind.OWN;

  @Option(
      names = "--allow-unsupported",
      description =
          "Leave rules with unknown matches, targets or options out instead of refusing the"
              + " ruleset; reports say which.")
  boolean allowUnsupported;

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

  @Option(
      names = "--undecided",
      paramLabel = "HOW",
      defaultValue = "no-match",
      converter = UndecidedConverter.class,
      description =
          "How a rule is taken that a capture cannot decide: match, no-match (default), or fail:"
              + " end with exit code 1 and the rule's name.")
  Undecided undecided;

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

  @Mixin Dialects dialects;

  @Option(
      names = "--socket-owners",
      paramLabel = "FILE",
      description =
          "Who owns which socket of the host, for -m owner: lines of ss -tunape, or CSV with the"
              + " columns protocol, local_address, local_port, remote_address, remote_port, uid,"
              + " gid, groups. Otherwise socket-owners.txt of --host, if it is there.")
  Path socketOwners;

  @Mixin ListenerOptions listeners;

  /** With {@code --undecided fail}: complains of a rule that the captures could not decide. */
  void checkDecided(ReplayRun run) throws IOException {
    String rule = undecided == Undecided.FAIL ? run.undecidedRule() : null;
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
    return host == null ? null : host.toString();
  }

  /** Reads all but the captures; null where the rules were rejected. */
  Prepared prepare(CommandLine command) throws IOException {
    List<ReplayInput> inputs = captures.inputs(command);
    checkStandardInput(command, inputs);
    // Rules and dumps know nothing of each other, and reading either is half of a short run.
    Future<Host> dumps = host == null ? null : Tasks.start("host", () -> Host.load(host));
    SetFile before = sets(command, ipset);
    if (before == null) {
      return null;
    }
    Loaded four = load(command, rules, Family.IPV4, before);
    // A script for both families makes its sets once.
    boolean same = rules != null && rules.equals(rules6);
    Loaded six = load(command, rules6, Family.IPV6, same ? before : four.sets);
    SetFile sets = same ? four.sets : six.sets;
    boolean rejected = four.rejected || six.rejected;
    if (rejected || !hasItsSets(command, four, sets) | !hasItsSets(command, six, sets)) {
      return null;
    }
    Host loaded = dumps == null ? null : Tasks.result(dumps);
    if (loaded != null) {
      captures.checkInterfaces(command, loaded, inputs);
    }
    if (loaded != null && !(fits(command, four, loaded) & fits(command, six, loaded))) {
      return null;
    }
    Ipchains chains = ipchains(command);
    if (ipchains != null && chains == null) {
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
            .undecidedMatches(undecided == Undecided.MATCH)
            .queues(listeners::atQueue)
            .diverts(listeners::atPort)
            .ipchains(chains)
            .seed(seed)
            .index(indexing)
            .reader(reader);
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
    if (ipchains == null) {
      return null;
    }
    if (rules != null) {
      throw new ParameterException(command, "give --rules or --ipchains, not both");
    }
    IpchainsParser.Result result = IpchainsParser.parse(name(ipchains), text(ipchains));
    print(command, result.diagnostics());
    if (result.ruleset() != null) {
      result.ruleset().compiledWith(listeners.passThrough, listeners.defragment);
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
    Path list = host == null ? null : host.resolve("sockets.txt");
    return list != null && Files.exists(list) ? Sockets.parse(Files.readString(list)) : null;
  }

  private SocketOwners owners() throws IOException {
    Path list = socketOwners;
    if (list == null && host != null && Files.exists(host.resolve("socket-owners.txt"))) {
      list = host.resolve("socket-owners.txt");
    }
    return list == null ? SocketOwners.NONE : SocketOwnersParser.parse(name(list), text(list));
  }

  /** Refuses standard input where several files would be it. */
  private void checkStandardInput(CommandLine command, List<ReplayInput> inputs) {
    Stream<Path> files =
        Stream.concat(
            Stream.of(rules, rules6, ipset, socketOwners),
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
        RulesetParser.parse(family, name(file), text(file), extensions(), allowUnsupported, sets);
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
