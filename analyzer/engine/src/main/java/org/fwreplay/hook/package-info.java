/**
 * A packet's way through the host: the five hooks with their tables in Linux's order, routing,
 * delivery to the host, answers that the host makes, and what leaves.
 */
package org.fwreplay.hook;
