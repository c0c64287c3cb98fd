package org.fwreplay.cli;

import picocli.CommandLine.Model.ArgSpec;

/** An option, or words behind the options: what a command line says of it. */
final class Argument<T> {
  private final ArgSpec spec;

  Argument(ArgSpec spec) {
    this.spec = spec;
  }

  /** What was given, or else the value that stands for nothing given. */
  T get() {
    return spec.getValue();
  }

  /** Takes another value than was given. */
  void set(T value) {
    spec.setValue(value);
  }
}
