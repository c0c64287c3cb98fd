package org.fwreplay.report.check;

import java.util.List;

/**
 * A suite: what is run, and what must hold.
 *
 * @param options words of the command line, as {@code replay} takes them, with paths beside the
 *     suite
 * @param captures made at one point
 */
public record Suite(
    String file, List<String> options, List<String> captures, List<Expectation> expectations) {}
