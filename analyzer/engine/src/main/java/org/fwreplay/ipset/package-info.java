/**
 * IP sets: the text of {@code ipset save} and the commands of {@code ipset} read as ipset and the
 * kernel read them, and the sets of a run, which packets are looked up in, added to and deleted
 * from. ipset(8), ip_set_core.c and ip_set_*.c.
 */
package org.fwreplay.ipset;
