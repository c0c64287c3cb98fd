package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.packet.Hook;

/** A table while commands change it. */
final class TableBuilder {
  /** XT_EXTENSION_MAXNAMELEN less the final NUL. */
  static final int MAX_NAME = 28;

  private static final class Draft {
    String policy;
    long packets;
    long bytes;
    SourcePosition position;
    final List<Rule> rules = new ArrayList<>();
  }

  /** What a command cannot do, and why. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    final transient String hint;

    RefusedException(String message, String hint) {
      super(message, null, false, false);
      this.hint = hint;
    }
  }

  private final TableType type;
  private final Map<String, Draft> builtin = new LinkedHashMap<>();
  private final Map<String, Draft> user = new TreeMap<>();
  private final ParseContext.Place place;
  private SourcePosition position;

  TableBuilder(TableType type) {
    this.type = type;
    place = new ParseContext.Place(type, Collections.unmodifiableSet(user.keySet()));
    for (Hook hook : type.hooks()) {
      Draft chain = new Draft();
      chain.policy = "ACCEPT";
      builtin.put(hook.name(), chain);
    }
  }

  TableType type() {
    return type;
  }

  ParseContext.Place place() {
    return place;
  }

  /** Where the declarations and commands that follow stand. */
  void at(SourcePosition next) {
    position = next;
  }

  private Draft find(String name) {
    Draft chain = builtin.get(name);
    return chain == null ? user.get(name) : chain;
  }

  /** {@code :CHAIN POLICY [PACKETS:BYTES]}. */
  void declare(String name, String policy, long packets, long bytes) throws RefusedException {
    if (!builtin.containsKey(name)) {
      create(name);
    }
    find(name).position = position;
    if (!policy.equals("-")) {
      policy(name, policy);
      Draft chain = find(name);
      chain.packets = packets;
      chain.bytes = bytes;
    }
  }

  void create(String name) throws RefusedException {
    if (name.length() > MAX_NAME) {
      throw new RefusedException(
          "chain name \"" + name + "\" is longer than " + MAX_NAME + " characters", "");
    }
    if (name.isBlank() || name.indexOf(' ') >= 0) {
      throw new RefusedException("chain name \"" + name + "\" is empty or has blanks", "");
    }
    if (find(name) != null) {
      throw new RefusedException("chain " + name + " exists already", "");
    }
    if (RuleTarget.standard(name) != null) {
      throw new RefusedException(name + " is a target and cannot be a chain's name", "");
    }
    Draft chain = new Draft();
    chain.position = position;
    user.put(name, chain);
  }

  void policy(String name, String policy) throws RefusedException {
    Draft chain = existing(name);
    if (chain.policy == null) {
      throw new RefusedException(
          "chain " + name + " is not built in and has no policy", "built in are " + builtins());
    }
    if (!policy.equals("ACCEPT") && !policy.equals("DROP")) {
      throw new RefusedException("\"" + policy + "\" is no policy", "ACCEPT or DROP");
    }
    chain.policy = policy;
  }

  private String builtins() {
    return String.join(", ", builtin.keySet());
  }

  private Draft existing(String name) throws RefusedException {
    Draft chain = find(name);
    if (chain == null) {
      List<String> known = new ArrayList<>(builtin.keySet());
      known.addAll(user.keySet());
      throw new RefusedException(
          "no chain " + name + " in table " + type.text(), Suggestions.hint(name, known));
    }
    return chain;
  }

  /** Does what a command says. */
  void execute(Command command) throws RefusedException {
    switch (command.option()) {
      case APPEND -> existing(command.chain()).rules.addAll(command.rules());
      case INSERT -> insert(command);
      case REPLACE -> replace(command);
      case DELETE -> delete(command);
      case CHECK -> check(command);
      case NEW -> createByCommand(command.chain());
      case DELETE_CHAIN -> deleteChains(command.chain());
      case RENAME -> rename(command.chain(), command.argument());
      case FLUSH -> flush(command.chain());
      case POLICY -> policy(command.chain(), command.argument());
      case LIST, LIST_RULES, ZERO -> {
        if (command.chain() != null) {
          existing(command.chain());
        }
      }
      default -> throw new IllegalStateException("no command on a table: " + command.option());
    }
  }

  private void check(Command command) throws RefusedException {
    List<Rule> rules = existing(command.chain()).rules;
    for (Rule wanted : command.rules()) {
      if (rules.stream().noneMatch(wanted::isSameAs)) {
        throw new RefusedException("no such rule in chain " + command.chain(), "");
      }
    }
  }

  private void createByCommand(String name) throws RefusedException {
    if (name.startsWith("-") || name.startsWith("!")) {
      throw new RefusedException("a chain's name cannot begin with " + name.charAt(0), "");
    }
    create(name);
  }

  private void insert(Command command) throws RefusedException {
    List<Rule> rules = existing(command.chain()).rules;
    if (command.number() > rules.size() + 1) {
      throw new RefusedException(
          "no place " + command.number() + " in chain " + command.chain(),
          "it has " + rules.size() + " rules");
    }
    for (Rule rule : command.rules()) {
      rules.add(command.number() - 1, rule);
    }
  }

  private int index(Command command, List<Rule> rules) throws RefusedException {
    if (command.number() > rules.size()) {
      throw new RefusedException(
          "no rule " + command.number() + " in chain " + command.chain(),
          "it has " + rules.size() + " rules");
    }
    return command.number() - 1;
  }

  private void replace(Command command) throws RefusedException {
    List<Rule> rules = existing(command.chain()).rules;
    int index = index(command, rules);
    if (command.rules().size() != 1) {
      throw new RefusedException("one rule cannot be replaced by several", "");
    }
    rules.set(index, command.rules().get(0));
  }

  private void delete(Command command) throws RefusedException {
    List<Rule> rules = existing(command.chain()).rules;
    if (command.number() > 0) {
      rules.remove(index(command, rules));
      return;
    }
    for (Rule gone : command.rules()) {
      int at = 0;
      while (at < rules.size() && !rules.get(at).isSameAs(gone)) {
        at++;
      }
      if (at == rules.size()) {
        throw new RefusedException("no such rule in chain " + command.chain(), "");
      }
      rules.remove(at);
    }
  }

  private void deleteChains(String only) throws RefusedException {
    for (String name : only == null ? List.copyOf(user.keySet()) : List.of(only)) {
      Draft chain = existing(name);
      if (chain.policy != null) {
        throw new RefusedException("chain " + name + " is built in and stays", "");
      }
      if (!chain.rules.isEmpty()) {
        throw new RefusedException("chain " + name + " is not empty", "flush it first with -F");
      }
      if (isReferenced(name)) {
        throw new RefusedException("rules still lead to chain " + name, "delete them first");
      }
      user.remove(name);
    }
  }

  private boolean isReferenced(String name) {
    List<Draft> all = new ArrayList<>(builtin.values());
    all.addAll(user.values());
    return all.stream().flatMap(chain -> chain.rules.stream()).anyMatch(r -> leadsTo(r, name));
  }

  private static boolean leadsTo(Rule rule, String name) {
    RuleTarget target = rule.target();
    boolean chain = target instanceof RuleTarget.Jump || target instanceof RuleTarget.Goto;
    return chain && target.name().equals(name);
  }

  private void rename(String from, String to) throws RefusedException {
    Draft chain = existing(from);
    if (chain.policy != null) {
      throw new RefusedException("chain " + from + " is built in and keeps its name", "");
    }
    create(to);
    user.remove(from);
    user.put(to, chain);
    List<Draft> all = new ArrayList<>(builtin.values());
    all.addAll(user.values());
    for (Draft draft : all) {
      draft.rules.replaceAll(rule -> leadsTo(rule, from) ? rule.aimed(renamed(rule, to)) : rule);
    }
  }

  private static RuleTarget renamed(Rule rule, String to) {
    return rule.target() instanceof RuleTarget.Goto
        ? new RuleTarget.Goto(to)
        : new RuleTarget.Jump(to);
  }

  private void flush(String only) throws RefusedException {
    if (only != null) {
      existing(only).rules.clear();
      return;
    }
    builtin.values().forEach(chain -> chain.rules.clear());
    user.values().forEach(chain -> chain.rules.clear());
  }

  Table build() {
    List<Chain> chains = new ArrayList<>();
    builtin.forEach((name, draft) -> chains.add(build(name, draft)));
    user.forEach((name, draft) -> chains.add(build(name, draft)));
    return new Table(type.text(), chains);
  }

  private static Chain build(String name, Draft draft) {
    List<Rule> rules = new ArrayList<>(draft.rules.size());
    for (Rule rule : draft.rules) {
      rules.add(rule.numbered(rules.size() + 1));
    }
    return new Chain(name, draft.policy, draft.packets, draft.bytes, rules, draft.position);
  }
}
