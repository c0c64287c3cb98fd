package org.fwreplay.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.fwreplay.legacy.PacketListener;
import org.fwreplay.legacy.ProgramListener;
import org.fwreplay.legacy.RecordingListener;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.target.DivertTarget;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Options that say who listens at queues and divert sockets. */
final class ListenerOptions extends Arguments implements Closeable {
  private static final String RECORD = "record:";
  private static final String EXEC = "exec:";
  private static final int MAX_NUMBER = 0xffff;

  final Argument<Map<Integer, String>> queues =
      listeners(
          "--queue",
          "Who listens at queue N of NFQUEUE: accept (or pass), drop, none, record:FILE.pcap or"
              + " exec:PROGRAM. Repeatable; without it packets for the queue are undecided.");

  final Argument<Map<Integer, String>> diverts =
      listeners(
          "--divert",
          "Who listens at divert port N: none, pass, record:FILE.pcap or exec:PROGRAM. Repeatable;"
              + " without it packets for the port are undecided.");

  final Argument<Boolean> passThrough =
      flag("--divert-pass-through", "Packets go on where nobody listens at their divert port.");

  final Argument<Boolean> defragment =
      flag("--divert-always-defragment", "Fragments are put together before they are diverted.");

  final Argument<Long> timeoutMs =
      option(
          "--listener-timeout",
          "MS",
          1000L,
          "How long a program at a queue or divert port may take for an answer, in milliseconds"
              + " (default: ${DEFAULT-VALUE}).");

  private final Map<Integer, PacketListener> atQueues = new HashMap<>();
  private final Map<Integer, PacketListener> atPorts = new HashMap<>();

  private Argument<Map<Integer, String>> listeners(String name, String description) {
    return option(
        OptionSpec.builder(name)
            .type(Map.class)
            .auxiliaryTypes(Integer.class, String.class)
            .paramLabel("N=WHO")
            .description(description),
        Map.of());
  }

  /** Chooses what DIVERT was compiled with. */
  void choose(Extensions extensions) {
    String words =
        (passThrough.get() ? DivertTarget.PASS_THROUGH : "")
            + " "
            + (defragment.get() ? DivertTarget.DEFRAGMENT : "");
    extensions.withDialect(DivertTarget.DIALECT, words);
  }

  /** Refuses those that two runs cannot have at once. */
  void refuseUnshared(CommandLine command) {
    for (Map<Integer, String> each : java.util.List.of(queues.get(), diverts.get())) {
      each.forEach(
          (number, who) -> {
            if (who.startsWith(RECORD) || who.startsWith(EXEC)) {
              throw new ParameterException(
                  command, number + "=" + who + ": two runs cannot share this listener");
            }
          });
    }
  }

  /** Has all of them listen. */
  void open(CommandLine command) throws IOException {
    for (Map.Entry<Integer, String> each : queues.get().entrySet()) {
      String option = "--queue " + each.getKey() + "=" + each.getValue();
      check(command, option, each.getKey(), 0);
      PacketListener drop = each.getValue().equals("drop") ? PacketListener.DROP : null;
      PacketListener known = each.getValue().equals("accept") ? PacketListener.PASS : drop;
      atQueues.put(
          each.getKey(), known != null ? known : listener(command, option, each.getValue(), true));
    }
    for (Map.Entry<Integer, String> each : diverts.get().entrySet()) {
      String option = "--divert " + each.getKey() + "=" + each.getValue();
      check(command, option, each.getKey(), 1);
      atPorts.put(each.getKey(), listener(command, option, each.getValue(), false));
    }
  }

  private static void check(CommandLine command, String option, int number, int least) {
    if (number < least || number > MAX_NUMBER) {
      throw new ParameterException(
          command, option + ": expected a number from " + least + " to " + MAX_NUMBER);
    }
  }

  private PacketListener listener(CommandLine command, String option, String who, boolean queue)
      throws IOException {
    if (who.equals("none")) {
      return PacketListener.NONE;
    }
    if (who.equals("pass")) {
      return PacketListener.PASS;
    }
    if (who.startsWith(RECORD) && who.length() > RECORD.length()) {
      return new RecordingListener(Path.of(who.substring(RECORD.length())));
    }
    if (who.startsWith(EXEC) && who.length() > EXEC.length()) {
      return new ProgramListener(who.substring(EXEC.length()), timeoutMs.get());
    }
    throw new ParameterException(
        command,
        option
            + ": expected "
            + (queue ? "accept, drop, " : "")
            + "none, pass, record:FILE.pcap or exec:PROGRAM");
  }

  PacketListener atQueue(int number) {
    return atQueues.get(number);
  }

  PacketListener atPort(int port) {
    return atPorts.get(port);
  }

  /** The run is over and all is well: what they wrote gets its name. */
  void finish() throws IOException {
    for (PacketListener each : atQueues.values()) {
      each.finish();
    }
    for (PacketListener each : atPorts.values()) {
      each.finish();
    }
  }

  @Override
  public void close() throws IOException {
    for (PacketListener each : atQueues.values()) {
      each.close();
    }
    for (PacketListener each : atPorts.values()) {
      each.close();
    }
  }
}
