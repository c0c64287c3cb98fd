package org.fwreplay.ipset;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.ipset.IpSet.Outcome;
import org.fwreplay.ipset.IpSet.Task;

/** Does what commands of ipset say. */
final class SetCommands {
  private enum Command {
    CREATE("N", "new"),
    ADD("A"),
    DEL("D"),
    TEST("T"),
    DESTROY("X", "x"),
    LIST("L"),
    SAVE("S"),
    RESTORE("R"),
    FLUSH("F"),
    RENAME("E", "e"),
    SWAP("W", "w"),
    HELP("h"),
    VERSION("V"),
    QUIT("");

    final String letter;
    final List<String> aliases;

    Command(String letter, String... aliases) {
      this.letter = "-" + letter;
      this.aliases = List.of(aliases);
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Command of(String word) {
      String plain = word.startsWith("--") ? word.substring(2) : word;
      for (Command each : values()) {
        boolean named = !plain.isEmpty() && each.text().startsWith(plain);
        if (named || each.letter.equals(word) || each.aliases.contains(plain)) {
          return each;
        }
      }
      return "new".startsWith(plain) && !plain.isEmpty() ? CREATE : null;
    }
  }

  private static final Set<String> IGNORED_FLAGS = Set.of("-q", "-quiet", "-r", "-resolve");
  private static final Set<String> OUTPUTS = Set.of("plain", "save", "xml", "json");

  private final IpSets sets;

  /** Sets that could not be made: what is said of them later has the same cause. */
  private final Set<String> failed = new HashSet<>();

  private CommandWords words;
  private boolean exist;
  private boolean creating;

  // How sets are to be printed: options that count wherever they stand.
  private boolean sorted;
  private boolean namesOnly;
  private boolean terse;
  private String output;

  /** Options of the element under way. */
  private final Set<String> given = new HashSet<>();

  SetCommands(IpSets sets) {
    this.sets = sets;
  }

  /** What a complaint is about, after {@link #run} threw one. */
  SetWord culprit() {
    return words.last();
  }

  /**
   * Does one command.
   *
   * @return what {@code save} and {@code list} print; null for nothing
   */
  String run(List<SetWord> line) throws SetException {
    words = new CommandWords(withoutFlags(line));
    if (!words.hasNext()) {
      throw new SetException("no command", commands());
    }
    SetWord word = words.next();
    Command command = Command.of(word.text());
    if (command == null) {
      throw new SetException("no command \"" + word.text() + "\"", commands());
    }
    return run(command);
  }

  private static String commands() {
    List<String> names = new ArrayList<>();
    for (Command each : Command.values()) {
      names.add(each.text());
    }
    return "known: " + String.join(", ", names);
  }

  private List<SetWord> withoutFlags(List<SetWord> line) throws SetException {
    exist = false;
    creating = false;
    sorted = false;
    namesOnly = false;
    terse = false;
    output = null;
    List<SetWord> rest = new ArrayList<>();
    for (int i = 0; i < line.size(); i++) {
      String text = line.get(i).text();
      switch (text.startsWith("--") ? text.substring(1) : text) {
        case "-!", "-exist" -> exist = true;
        case "-s", "-sorted" -> sorted = true;
        case "-n", "-name" -> namesOnly = true;
        case "-t", "-terse" -> terse = true;
        case "-o", "-output" -> output = output(line, ++i);
        case "-f", "-file" -> i++;
        default -> {
          if (!IGNORED_FLAGS.contains(text)) {
            rest.add(line.get(i));
          }
        }
      }
    }
    return rest;
  }

  private static String output(List<SetWord> line, int at) throws SetException {
    String mode = at < line.size() ? line.get(at).text() : "";
    if (!OUTPUTS.contains(mode)) {
      throw new SetException("no output mode \"" + mode + "\"", "plain, save, xml or json");
    }
    return mode;
  }

  /** What {@code save} and {@code list} print; null for XML and JSON, which are not written. */
  private String print(String usual) throws SetException {
    String name = optionalName();
    end();
    return switch (output == null ? usual : output) {
      case "save" -> sets.save(name, sorted);
      case "plain" -> namesOnly ? sets.listNames(name) : sets.list(name, sorted, terse);
      default -> null;
    };
  }

  private String run(Command command) throws SetException {
    creating = command == Command.CREATE;
    switch (command) {
      case CREATE -> create();
      case ADD -> element(Task.ADD);
      case DEL -> element(Task.DELETE);
      case TEST -> element(Task.TEST);
      case DESTROY -> sets.destroy(optionalName(), exist);
      case FLUSH -> sets.flush(optionalName());
      case RENAME -> sets.rename(name("rename"), newName());
      case SWAP -> sets.swap(name("swap"), name("swap"));
      case SAVE -> {
        return print("save");
      }
      case LIST -> {
        return print("plain");
      }
      case QUIT, HELP, VERSION -> {
        return null;
      }
      case RESTORE -> throw new SetException("restore reads another text", "put it here");
    }
    end();
    return null;
  }

  private void end() throws SetException {
    if (words.hasNext()) {
      SetWord word = words.next();
      throw new SetException("\"" + word.text() + "\" is too much", "");
    }
  }

  private String optionalName() {
    return words.hasNext() ? words.next().text() : null;
  }

  private String name(String command) throws SetException {
    return words.required(command, "the name of a set").text();
  }

  private String newName() throws SetException {
    String name = name("rename");
    checkName(name);
    return name;
  }

  private static void checkName(String name) throws SetException {
    if (name.isEmpty() || name.length() > IpSets.MAX_NAME) {
      throw new SetException(
          "\"" + name + "\" cannot be a set's name", "1 to " + IpSets.MAX_NAME + " characters");
    }
  }

  private void create() throws SetException {
    String name = name("create");
    failed.add(name);
    checkName(name);
    String typeName = words.required("create", "a type").text();
    SetHeader header = HeaderParser.parse(words, typeName, name);
    sets.create(name, header, exist);
    failed.remove(name);
  }

  /** Whether a set is missing because making it failed, which was said. */
  boolean isConsequence() {
    String name = words.last().text();
    return !creating && failed.contains(name) && sets.find(name) == null;
  }

  private void element(Task task) throws SetException {
    String command = task.name().toLowerCase(Locale.ROOT);
    IpSet set = sets.existing(name(command));
    SetWord word = words.required(command, "an element");
    Extras extras = new Extras();
    Element element = ElementParser.parse(set.header, task, elementText(set, word, extras));
    given.clear();
    while (words.hasNext()) {
      option(set, task, element, extras);
    }
    checkExtras(set, extras);
    String text = word.text();
    Outcome outcome = set.command(task, element, extras, exist);
    if (task == Task.TEST) {
      if (outcome != (element.nomatch ? Outcome.EXCEPTED : Outcome.DONE)) {
        throw new SetException(text + " is not in set " + set.name, "");
      }
      return;
    }
    switch (outcome) {
      case DONE -> {}
      case EXIST -> {
        if (!exist) {
          String state = task == Task.ADD ? " is in set " : " is not in set ";
          throw new SetException(
              text + state + set.name + (task == Task.ADD ? " already" : ""), "");
        }
      }
      case FULL ->
          throw new SetException(
              "set " + set.name + " is full", "maxelem is " + set.header.maxElements);
      default -> throw new SetException(text + " cannot be stored in set " + set.name, "");
    }
  }

  private static String elementText(IpSet set, SetWord word, Extras extras) throws SetException {
    int comma = word.text().indexOf(',');
    if (!set.header.isTree || comma < 0) {
      return word.text();
    }
    String seconds = word.text().substring(comma + 1);
    extras.timeout = Numbers.parse("timeout", seconds, 0, HeaderParser.MAX_TIMEOUT);
    return word.text().substring(0, comma);
  }

  private void option(IpSet set, Task task, Element e, Extras x) throws SetException {
    SetType type = set.header.type;
    SetWord word = words.next();
    String name = word.text().startsWith("--") ? word.text().substring(2) : word.text();
    Set<String> known =
        task == Task.ADD
            ? type.addOptions()
            : task == Task.TEST || type.isList() ? type.lookupOptions() : Set.of();
    if (!known.contains(name)) {
      String hint = known.isEmpty() ? "nothing" : Suggestions.hint(name, new TreeSet<>(known));
      throw new SetException("\"" + word.text() + "\" is not taken here", hint);
    }
    switch (name) {
      case "nomatch" -> e.nomatch = true;
      case "wildcard" -> e.wildcard = true;
      case "before" -> e.before = words.value();
      case "after" -> e.after = words.value();
      case "timeout" -> x.timeout = Numbers.parse(name, words.value(), 0, HeaderParser.MAX_TIMEOUT);
      case "packets" -> x.packets = Numbers.parse(name, words.value(), 0, -2);
      case "bytes" -> x.bytes = Numbers.parse(name, words.value(), 0, -2);
      case "comment" -> x.comment = comment(words.value());
      case "skbmark" -> mark(words.value(), x);
      case "skbprio" -> priority(words.value(), x);
      case "skbqueue" -> x.queue = (int) Numbers.parse(name, words.value(), 0, 65_535);
      default -> throw new IllegalStateException(name);
    }
    given.add(name);
  }

  private void checkExtras(IpSet set, Extras x) throws SetException {
    SetHeader h = set.header;
    boolean skb = given.stream().anyMatch(name -> name.startsWith("skb"));
    String missing =
        x.timeout != Extras.UNSET && !h.hasTimeout()
            ? "timeout"
            : (x.packets != Extras.UNSET || x.bytes != Extras.UNSET) && !h.counters
                ? "counters"
                : x.comment != null && !h.comments
                    ? "comment"
                    : skb && !h.skbinfo ? "skbinfo" : null;
    if (missing != null) {
      throw new SetException("set " + set.name + " was made without " + missing, "create it with");
    }
  }

  private static String comment(String text) throws SetException {
    if (text.indexOf('"') >= 0) {
      throw new SetException("a comment cannot hold double quotes", "");
    }
    if (text.length() > 255) {
      throw new SetException("a comment has at most 255 characters", "");
    }
    return text;
  }

  private static void mark(String text, Extras x) throws SetException {
    String[] parts = text.split("/", -1);
    if (!text.matches("0[xX][0-9a-fA-F]{1,8}(/0[xX][0-9a-fA-F]{1,8})?")) {
      throw new SetException("\"" + text + "\" is no skbmark", "0xMARK[/0xMASK]");
    }
    x.mark = Integer.parseUnsignedInt(parts[0].substring(2), 16);
    x.markMask = parts.length < 2 ? -1 : Integer.parseUnsignedInt(parts[1].substring(2), 16);
  }

  private static void priority(String text, Extras x) throws SetException {
    String[] parts = text.split(":", -1);
    if (!text.matches("[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}")) {
      throw new SetException("\"" + text + "\" is no skbprio", "MAJOR:MINOR, hexadecimal");
    }
    x.priority = Integer.parseInt(parts[0], 16) << 16 | Integer.parseInt(parts[1], 16);
  }
}
