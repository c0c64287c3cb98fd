/**
 * The extension interface: what a match or target has to offer, how its options are read and
 * written, and what it sees of a packet. Built-in extensions live in {@code xt.match} and {@code
 * xt.target}; others are found through {@link java.util.ServiceLoader}.
 */
package org.fwreplay.xt;
