package org.fwreplay.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fwreplay.capture.VendorHeader;
import org.fwreplay.host.Host;
import org.fwreplay.replay.ReplayInput;
import org.fwreplay.replay.ReplaySetup;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Options that say which captures are fed in, and where. */
final class CaptureOptions extends Arguments {
  final Argument<List<String>> in =
      list(
          "--in",
          "IFACE=FILE",
          String.class,
          "Frames that arrive at the interface; repeatable, merged by time stamp.");

  final Argument<List<Path>> local =
      list("--local", "FILE", Path.class, "Packets that the firewall host itself sends (raw IP).");

  final Argument<List<String>> vantage =
      list(
          "--vantage",
          "IFACE",
          String.class,
          "The interface of the firewall where CAPTURE was made, both directions mixed: what left"
              + " there is compared, not fed in (docs/vantage.md). Several, where each CAPTURE has"
              + " its own, in their order.");

  final Argument<Boolean> reflect =
      flag(
          "--reflect",
          "Make up the arrivals that CAPTURE does not hold from the frames that left: the"
              + " connection's reply tuple is put back.");

  final Argument<List<String>> linkHeaders =
      list(
          "--link-header",
          "IFACE=dst:N,src:N,type:N,ip:N",
          String.class,
          "Frames at the interface begin with a header of its driver's own: at which bytes the"
              + " hardware addresses, the EtherType and the IP header are.");

  /** Captures made at one point: {@link CaptureArguments}. */
  List<Path> files = new ArrayList<>();

  /** Whether a command has something to do without captures. */
  boolean mayBeNone;

  /** What is fed in, in the order in which it was named. */
  List<ReplayInput> inputs(CommandLine command) {
    List<ReplayInput> inputs = new ArrayList<>();
    for (String text : in.get()) {
      int cut = text.indexOf('=');
      if (cut < 1 || cut == text.length() - 1) {
        throw new ParameterException(command, "--in " + text + ": expected IFACE=FILE");
      }
      inputs.add(ReplayInput.at(text.substring(0, cut), Path.of(text.substring(cut + 1))));
    }
    local.get().forEach(file -> inputs.add(ReplayInput.ofHost(file)));
    inputs.addAll(points(command));
    if (inputs.isEmpty() && !mayBeNone) {
      throw new ParameterException(
          command, "no capture: give --in IFACE=FILE, --local FILE or CAPTURE...");
    }
    return inputs;
  }

  /** The captures made at one point. */
  private List<ReplayInput> points(CommandLine command) {
    if (files.isEmpty() && (reflect.get() || !vantage.get().isEmpty())) {
      throw new ParameterException(
          command,
          (reflect.get() ? "--reflect" : "--vantage") + " is for CAPTURE..., and there is none");
    }
    if (vantage.get().size() > 1 && vantage.get().size() != files.size()) {
      throw new ParameterException(
          command,
          "--vantage: expected one for all captures or one for each, found "
              + vantage.get().size()
              + " for "
              + files.size());
    }
    List<ReplayInput> points = new ArrayList<>();
    for (Path file : files) {
      int at = vantage.get().size() == 1 ? 0 : points.size();
      points.add(
          vantage.get().isEmpty()
              ? ReplayInput.somewhere(file)
              : ReplayInput.vantage(vantage.get().get(at), file));
    }
    return points;
  }

  /** Refuses interfaces that the host does not have. */
  void checkInterfaces(CommandLine command, Host loaded, List<ReplayInput> inputs) {
    for (ReplayInput input : inputs) {
      String name = input.interfaceName();
      if (name != null && loaded.interfaceByName(name) == null) {
        List<String> names =
            loaded.interfaces().stream().map(i -> i.name()).filter(n -> !n.equals("lo")).toList();
        throw new ParameterException(
            command,
            (input.bothWays() ? "--vantage " + name : "--in " + name + "=" + input.capture())
                + ": the host has no interface "
                + name
                + "; it has "
                + String.join(", ", names));
      }
    }
  }

  /** Has a run read them. */
  void feed(CommandLine command, List<ReplayInput> inputs, ReplaySetup builder) {
    inputs.forEach(builder::input);
    builder.reflect(reflect.get());
    for (String text : linkHeaders.get()) {
      linkHeader(command, text, inputs, builder);
    }
  }

  private static void linkHeader(
      CommandLine command, String text, List<ReplayInput> inputs, ReplaySetup builder) {
    int cut = text.indexOf('=');
    String name = cut < 0 ? text : text.substring(0, cut);
    if (inputs.stream().noneMatch(input -> name.equals(input.interfaceName()))) {
      throw new ParameterException(
          command, "--link-header " + text + ": no frames arrive at " + name + " (--in)");
    }
    try {
      builder.linkHeader(name, VendorHeader.parse(text.substring(cut + 1)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, "--link-header " + text + ": " + e.getMessage(), e);
    }
  }
}
