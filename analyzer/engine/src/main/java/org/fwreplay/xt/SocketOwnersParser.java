package org.fwreplay.xt;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Names;
import org.fwreplay.xt.AddressText.Address;
import org.fwreplay.xt.SocketOwners.End;
import org.fwreplay.xt.SocketOwners.Owner;
import org.fwreplay.xt.SocketOwners.Socket;

/**
 * Reads a list of sockets and their owners: lines of {@code ss -tunape}, or CSV with a header.
 *
 * <p>{@code ss} names the user as {@code uid:N} with {@code -e}, and leaves root's away; without
 * {@code -e} ({@code ino:}) the user is not known. Lines that are no sockets are passed over.
 *
 * <p>CSV has the columns {@code protocol}, {@code local_address}, {@code local_port}, {@code
 * remote_address}, {@code remote_port}, {@code uid}, {@code gid} and {@code groups} (blanks between
 * several), in any order. Only {@code protocol} is needed; what is empty or {@code *} is any
 * address or port, or an id that is not known.
 */
public final class SocketOwnersParser {
  private static final List<String> COLUMNS =
      List.of(
          "protocol",
          "local_address",
          "local_port",
          "remote_address",
          "remote_port",
          "uid",
          "gid",
          "groups");

  private static final Pattern SS =
      Pattern.compile(
          "(tcp|udp|udplite|sctp|dccp)\\S*\\s+(\\S+)\\s+\\d+\\s+\\d+\\s+(\\S+)\\s+(\\S+)(.*)");

  private static final Pattern USER = Pattern.compile("\\buid:(\\d+)");
  private static final Pattern GROUP = Pattern.compile("\\bgid:(\\d+)");
  private static final Pattern EXTENDED = Pattern.compile("\\bino:\\d+");
  private static final int MAX_PORT = 65_535;
  private static final long MAX_ID = 0xfffffffeL;

  private final String file;
  private final List<Socket> sockets = new ArrayList<>();
  private List<String> header;
  private int line;

  private SocketOwnersParser(String file) {
    this.file = file;
  }

  /**
   * Reads a whole text.
   *
   * @param file its name, for what is said of it
   * @throws IOException with file, line and what was expected
   */
  public static SocketOwners parse(String file, String text) throws IOException {
    SocketOwnersParser parser = new SocketOwnersParser(file);
    for (String each : text.split("\\R")) {
      parser.line++;
      String content = each.strip();
      if (!content.isEmpty() && !content.startsWith("#")) {
        parser.line(content);
      }
    }
    return new SocketOwners(parser.sockets);
  }

  private void line(String content) throws IOException {
    if (header != null) {
      row(content);
    } else if (sockets.isEmpty()
        && content.toLowerCase(Locale.ROOT).matches("\\w+(,\\s*\\w+)*")
        && content.contains(",")) {
      header(content);
    } else {
      Matcher ss = SS.matcher(content);
      if (ss.matches()) {
        socket(ss);
      } else if (content.matches("[^\\s,]*,[^,]*,.*")) {
        throw fail("this looks like CSV without a header", String.join(",", COLUMNS));
      }
    }
  }

  private IOException fail(String message, String expected) {
    return new IOException(file + ":" + line + ": " + message + "; expected " + expected);
  }

  // -- ss ----------------------------------------------------------------------------------------

  private void socket(Matcher ss) throws IOException {
    if (ss.group(2).equals("TIME-WAIT") || ss.group(2).equals("SYN-RECV")) {
      return; // nobody has them open
    }
    String rest = ss.group(5);
    Matcher user = USER.matcher(rest);
    Matcher group = GROUP.matcher(rest);
    boolean named = user.find();
    long root = EXTENDED.matcher(rest).find() ? 0 : SocketOwners.UNKNOWN;
    Owner owner =
        new Owner(
            named ? number("user id", user.group(1), MAX_ID) : root,
            group.find() ? number("group id", group.group(1), MAX_ID) : SocketOwners.UNKNOWN,
            null);
    add(Names.protocol(ss.group(1)), end(ss.group(3)), end(ss.group(4)), owner);
  }

  /** {@code ADDRESS:PORT} as ss prints it. */
  private String[] end(String text) throws IOException {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw fail("\"" + text + "\" has no port", "ADDRESS:PORT");
    }
    String address = text.substring(0, colon).replaceFirst("%[^\\]]*", "");
    boolean bracketed = address.startsWith("[") && address.endsWith("]");
    address = bracketed ? address.substring(1, address.length() - 1) : address;
    return new String[] {address, text.substring(colon + 1)};
  }

  // -- CSV ---------------------------------------------------------------------------------------

  private void header(String content) throws IOException {
    header = new ArrayList<>();
    for (String name : content.toLowerCase(Locale.ROOT).split(",")) {
      String column = name.strip();
      if (!COLUMNS.contains(column)) {
        String hint = Suggestions.hint(column, COLUMNS);
        throw new IOException(file + ":" + line + ": no column \"" + column + "\"; " + hint);
      }
      header.add(column);
    }
    if (!header.contains("protocol")) {
      throw fail("the column protocol is missing", String.join(",", COLUMNS));
    }
  }

  private void row(String content) throws IOException {
    String[] cells = content.split(",", -1);
    if (cells.length != header.size()) {
      throw fail(cells.length + " columns", header.size() + ": " + String.join(",", header));
    }
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i < cells.length; i++) {
      String cell = cells[i].strip();
      row.put(header.get(i), cell.equals("*") ? "" : cell);
    }
    String name = row.get("protocol").toLowerCase(Locale.ROOT);
    int protocol = name.matches("\\d{1,3}") ? Integer.parseInt(name) : Names.protocol(name);
    if (protocol < 0 || protocol > 255) {
      throw fail("no protocol \"" + name + "\"", "tcp, udp, icmp or a number to 255");
    }
    Owner owner = new Owner(id(row, "uid"), id(row, "gid"), groups(row.get("groups")));
    String[] local = {row.getOrDefault("local_address", ""), row.getOrDefault("local_port", "")};
    String[] peer = {row.getOrDefault("remote_address", ""), row.getOrDefault("remote_port", "")};
    add(protocol, local, peer, owner);
  }

  private long id(Map<String, String> row, String column) throws IOException {
    String text = row.getOrDefault(column, "");
    return text.isEmpty() ? SocketOwners.UNKNOWN : number(column, text, MAX_ID);
  }

  private List<Long> groups(String text) throws IOException {
    if (text == null) {
      return null;
    }
    List<Long> groups = new ArrayList<>();
    for (String each : text.split("\\s+")) {
      if (!each.isEmpty()) {
        groups.add(number("group id", each, MAX_ID));
      }
    }
    return List.copyOf(groups);
  }

  // -- both --------------------------------------------------------------------------------------

  private void add(int protocol, String[] local, String[] peer, Owner owner) throws IOException {
    Address from = address(local[0]);
    Address to = address(peer[0]);
    End here = new End(from, port(local[1]));
    sockets.add(
        new Socket(protocol, family(local[0], peer[0]), here, new End(to, port(peer[1])), owner));
  }

  /** What is bound to all addresses of IPv6 takes IPv4 too. */
  private static Boolean family(String local, String peer) {
    for (String each : List.of(local, peer)) {
      boolean any = each.isEmpty() || each.equals("*") || each.equals("::");
      if (!any) {
        return each.indexOf(':') >= 0 && !isMapped(each);
      }
    }
    return null;
  }

  private static boolean isMapped(String address) {
    return address.toLowerCase(Locale.ROOT).matches("::ffff:\\d+\\.\\d+\\.\\d+\\.\\d+");
  }

  private Address address(String text) throws IOException {
    if (text.isEmpty() || text.equals("*") || text.equals("::") || text.equals("0.0.0.0")) {
      return null;
    }
    String plain = isMapped(text) ? text.substring(text.lastIndexOf(':') + 1) : text;
    try {
      return AddressText.parse(plain.indexOf(':') < 0 ? Family.IPV4 : Family.IPV6, plain);
    } catch (IllegalArgumentException e) {
      throw fail("\"" + text + "\" is no address", "an IPv4 or IPv6 address, or *");
    }
  }

  private int port(String text) throws IOException {
    return text.isEmpty() || text.equals("*") ? 0 : (int) number("port", text, MAX_PORT);
  }

  private long number(String what, String text, long max) throws IOException {
    if (!text.matches("\\d{1,10}") || Long.parseLong(text) > max) {
      throw fail("\"" + text + "\" is no " + what, "a number from 0 to " + max);
    }
    return Long.parseLong(text);
  }
}
