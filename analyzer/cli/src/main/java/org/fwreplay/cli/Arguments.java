package org.fwreplay.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Arguments that belong together, each declared as a field of the class that extends this. To look
 * up annotations instead would take longer than many a replay.
 */
abstract class Arguments {
  private final List<ArgSpec> specs = new ArrayList<>();

  // Loops here: picocli's classes that lambdas know are left out of the class archive.

  /** Has a command take them. */
  final void addTo(CommandSpec command) {
    for (ArgSpec each : specs) {
      command.add(each);
    }
  }

  /** Has a command take exactly one of them. */
  final void addOneTo(CommandSpec command) {
    ArgGroupSpec.Builder group = ArgGroupSpec.builder().multiplicity("1");
    for (ArgSpec each : specs) {
      group.addArg(each);
    }
    command.addArgGroup(group.build());
  }

  /** Reads words that are no command line. */
  final void parse(List<String> words) {
    CommandSpec spec = CommandSpec.create();
    addTo(spec);
    new CommandLine(spec).parseArgs(words.toArray(String[]::new));
  }

  /** Takes others in. */
  protected final <A extends Arguments> A include(A others) {
    specs.addAll(((Arguments) others).specs);
    return others;
  }

  /** An option that is given or not. */
  protected final Argument<Boolean> flag(String name, String description) {
    return option(OptionSpec.builder(name).description(description), false);
  }

  /** An option that names a file; null without it. */
  protected final Argument<Path> file(String name, String description) {
    return option(option(name, "FILE", description).type(Path.class), null);
  }

  /** An option that names a folder; null without it. */
  protected final Argument<Path> folder(String name, String description) {
    return option(option(name, "DIR", description).type(Path.class), null);
  }

  /** An option whose value is a text; null without it. */
  protected final Argument<String> text(String name, String label, String description) {
    return option(option(name, label, description).type(String.class), null);
  }

  /** An option that may be repeated. */
  protected final <E> Argument<List<E>> list(
      String name, String label, Class<E> type, String description) {
    return option(
        option(name, label, description).type(List.class).auxiliaryTypes(type), List.of());
  }

  /** An option that has a value also where it is not given. */
  protected final <T> Argument<T> option(
      String name, String label, T otherwise, String description) {
    return option(option(name, label, description).type(otherwise.getClass()), otherwise);
  }

  /** An option with a value that is written in a way of its own. */
  protected final <T> Argument<T> option(
      String name, String label, T otherwise, ITypeConverter<T> converter, String description) {
    return option(
        option(name, label, description).type(otherwise.getClass()).converters(converter),
        otherwise);
  }

  private static OptionSpec.Builder option(String name, String label, String description) {
    return OptionSpec.builder(name).paramLabel(label).description(description);
  }

  /** An option that is none of these. */
  protected final <T> Argument<T> option(OptionSpec.Builder option, T otherwise) {
    return add(option.initialValue(otherwise).build());
  }

  /**
   * A word behind the options; null where there is none.
   *
   * @param index its place among the words, from 0
   * @param arity {@code 1}, or {@code 0..1} where it may be left out
   */
  protected final <T> Argument<T> word(
      int index, String arity, String label, Class<T> type, String description) {
    return add(words("" + index, arity, label, description).type(type).build());
  }

  /**
   * The words behind the options.
   *
   * @param from the place of the first among the words, from 0
   * @param arity {@code 0..*}, or {@code 1..*} where there must be one
   */
  protected final Argument<List<Path>> files(
      int from, String arity, String label, String description) {
    return add(
        words(from + "..*", arity, label, description)
            .type(List.class)
            .auxiliaryTypes(Path.class)
            .initialValue(List.of())
            .build());
  }

  private static PositionalParamSpec.Builder words(
      String index, String arity, String label, String description) {
    return PositionalParamSpec.builder()
        .index(index)
        .arity(arity)
        .required(!arity.startsWith("0"))
        .paramLabel(label)
        .description(description);
  }

  private <T> Argument<T> add(ArgSpec spec) {
    specs.add(spec);
    return new Argument<>(spec);
  }
}
