package org.fwreplay.legacy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program that gets each packet on its standard input, behind the packet's length in four bytes,
 * highest first, and answers on its standard output with any number of packets in the same form and
 * a length of 0. A program that ends, answers something else or takes too long listens no longer.
 */
public final class ProgramListener implements PacketListener {
  private static final int MAX_LENGTH = 0xffff;

  private final String command;
  private final long limitMs;
  private final Process process;
  private final DataOutputStream in;
  private final DataInputStream out;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "listener");
            thread.setDaemon(true);
            return thread;
          });
  private long packets;
  private String problem = "";

  /**
   * Starts a program.
   *
   * @param command the program and its arguments, parted by blanks
   * @param limitMs how long it may take for an answer, in ms
   * @throws IOException where it cannot be started
   */
  public ProgramListener(String command, long limitMs) throws IOException {
    this.command = command;
    this.limitMs = limitMs;
    process =
        new ProcessBuilder(command.strip().split(" +"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    in = new DataOutputStream(new java.io.BufferedOutputStream(process.getOutputStream()));
    out = new DataInputStream(new java.io.BufferedInputStream(process.getInputStream()));
  }

  @Override
  public boolean isThere() {
    return problem.isEmpty();
  }

  @Override
  public List<byte[]> take(byte[] packet, long timeNs) {
    packets++;
    Future<List<byte[]>> answer = worker.submit(() -> ask(packet));
    try {
      return answer.get(limitMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return die("gave no answer within " + limitMs + " ms");
    } catch (ExecutionException e) {
      return die(
          e.getCause() instanceof java.io.EOFException
                  || e.getCause() instanceof IOException && !process.isAlive()
              ? "ended"
              : String.valueOf(e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return die("was interrupted");
    }
  }

  private List<byte[]> ask(byte[] packet) throws IOException {
    in.writeInt(packet.length);
    in.write(packet);
    in.flush();
    List<byte[]> answers = new ArrayList<>();
    int length;
    while ((length = out.readInt()) != 0) {
      if (length < 0 || length > MAX_LENGTH) {
        throw new IOException("answered with a packet of " + (length & 0xffffffffL) + " bytes");
      }
      byte[] answer = new byte[length];
      out.readFully(answer);
      answers.add(answer);
    }
    return answers;
  }

  private List<byte[]> die(String how) {
    problem =
        "program \""
            + command
            + "\" "
            + how
            + " at its packet "
            + packets
            + "; from there on nobody listened";
    process.destroyForcibly();
    return List.of();
  }

  @Override
  public String problem() {
    return problem;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    worker.shutdownNow();
  }
}
