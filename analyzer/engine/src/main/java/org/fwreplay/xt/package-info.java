/**
 * The extension interface: what a match or target has to offer, how its options are read and
 * written, and what it sees of a packet. Built-in extensions live in {@code xt.match} and {@code
 * xt.target}; others are found through {@link java.util.ServiceLoader}. A small project with a
 * match and a target of its own is in {@code analyzer/examples}.
 *
 * <h2>A match of your own, step by step</h2>
 *
 * <ol>
 *   <li>A record that implements {@link org.fwreplay.xt.PacketMatch} holds what a rule said: one
 *       component for each option, and a flag where {@code !} is allowed. It is a value: rules are
 *       compared by it.
 *   <li>A nested class that implements {@link org.fwreplay.xt.MatchExtension} says the match's
 *       {@linkplain org.fwreplay.xt.Extension#name name}, its {@linkplain
 *       org.fwreplay.xt.Extension#options options}, and where it may be used: families, tables,
 *       hooks, protocols. All of that is checked before the match is made; a rule that breaks it is
 *       refused with file, line and column.
 *   <li>{@link org.fwreplay.xt.MatchExtension#parse} makes the record. It gets only options that
 *       were declared, each at most once unless {@linkplain org.fwreplay.xt.Option#multiple
 *       repeatable}, no two that {@linkplain org.fwreplay.xt.Option#excluding exclude} each other,
 *       and all that are {@linkplain org.fwreplay.xt.Option#required required}. What is wrong with
 *       a value is said by {@link org.fwreplay.xt.Argument#fail}; the accessors for numbers, ranges
 *       and addresses do so themselves.
 *   <li>{@link org.fwreplay.xt.PacketMatch#save} writes the options as {@code iptables-save} would:
 *       in a fixed order, defaults left out. What it writes must parse to an equal record.
 *   <li>{@link org.fwreplay.xt.PacketMatch#bind} makes the {@link org.fwreplay.xt.Matcher} for one
 *       run. Whatever is remembered between packets lives there, never in the record. A match that
 *       remembers nothing implements {@link org.fwreplay.xt.StatelessMatch} and is its own matcher.
 *       What several rules share comes from {@link org.fwreplay.xt.Binding#shared}, chance from
 *       {@link org.fwreplay.xt.Binding#random}, so that a seed repeats a run.
 *   <li>The class's name goes into {@code META-INF/services/org.fwreplay.xt.MatchExtension} of the
 *       jar: {@code com.example.EntropyMatch$Extension}.
 * </ol>
 *
 * <p>A target is made in the same way from {@link org.fwreplay.xt.PacketTarget}, {@link
 * org.fwreplay.xt.TargetExtension} and {@link org.fwreplay.xt.Action}; it answers with a {@link
 * org.fwreplay.xt.Verdict}, and {@link org.fwreplay.xt.Evaluation.Services} log, answer and send in
 * its name.
 *
 * <h2>What a matcher sees</h2>
 *
 * <p>The {@linkplain org.fwreplay.packet.Packet packet} lies in a buffer with absolute offsets, in
 * network byte order. Its IP header is whole; everything behind must be held against {@code end}.
 * The transport header is at {@link org.fwreplay.xt.Evaluation#transport}; in IPv6 that is known
 * only if the rule names a protocol, which {@link org.fwreplay.xt.Extension#protocols} can demand.
 * A {@link org.fwreplay.xt.Evaluation#fragmentOffset} other than 0 means that there is no transport
 * header in this packet. A match that cannot look into a packet says {@link
 * org.fwreplay.xt.Evaluation#hotDrop}, one that no capture can decide calls {@link
 * org.fwreplay.xt.Evaluation#undecided}. Nothing may be allocated for a packet, and no reference to
 * it kept: it is reused for the next.
 *
 * <h2>Names</h2>
 *
 * <p>Two extensions of the same name and family, wherever they come from, end the program at its
 * start. {@code fwreplay extensions} lists all there are, {@code fwreplay extensions NAME} the
 * options of one.
 */
package org.fwreplay.xt;
