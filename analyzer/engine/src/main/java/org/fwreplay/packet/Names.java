package org.fwreplay.packet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Protocol and port names that rules and sets may use instead of numbers: what {@code
 * getprotobyname} and {@code getservbyname} know on an ordinary system, built in so that a replay
 * does not depend on the machine it runs on.
 */
public final class Names {
  private static final Map<String, Integer> PROTOCOLS = new HashMap<>();
  private static final Map<Integer, String> PROTOCOL_NAMES = new HashMap<>();
  private static final Map<String, Integer> SERVICES = new HashMap<>();

  static {
    for (String[] words : lines("protocols")) {
      PROTOCOL_NAMES.putIfAbsent(Integer.valueOf(words[0]), words[1]);
      for (int i = 1; i < words.length; i++) {
        PROTOCOLS.putIfAbsent(words[i], Integer.valueOf(words[0]));
      }
    }
    for (String[] words : lines("services")) {
      for (int i = 2; i < words.length; i++) {
        Integer port = Integer.valueOf(words[0]);
        SERVICES.putIfAbsent(words[i], port);
        for (String protocol : words[1].split(",")) {
          SERVICES.putIfAbsent(words[i] + "/" + protocol, port);
        }
      }
    }
  }

  private Names() {}

  /** The protocol's number, or -1 where there is none of that name. */
  public static int protocol(String name) {
    return PROTOCOLS.getOrDefault(name, -1);
  }

  /** The name that {@code getprotobynumber} gives a protocol first, or null. */
  public static String protocolName(int protocol) {
    return PROTOCOL_NAMES.get(protocol);
  }

  /** All protocol names in lower case, sorted. */
  public static List<String> protocols() {
    return PROTOCOLS.keySet().stream()
        .filter(name -> name.equals(name.toLowerCase(Locale.ROOT)))
        .sorted()
        .toList();
  }

  /**
   * The port that a service has with a protocol, or -1.
   *
   * @param protocol the protocol's name, or null for the first that the service has a port with
   */
  public static int port(String service, String protocol) {
    return SERVICES.getOrDefault(protocol == null ? service : service + "/" + protocol, -1);
  }

  private static Iterable<String[]> lines(String resource) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Names.class.getResourceAsStream(resource), StandardCharsets.US_ASCII))) {
      return in.lines().filter(l -> !l.startsWith("#")).map(l -> l.split(" ")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
