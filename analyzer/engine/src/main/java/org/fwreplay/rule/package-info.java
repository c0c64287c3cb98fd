/**
 * Rulesets: the text of {@code iptables-save} read, checked as {@code iptables-restore} and the
 * kernel check it, written back, and walked by packets.
 */
package org.fwreplay.rule;
