package org.fwreplay.packet;

/** What a packet carries of connection tracking; the conntrack package fills it. */
public interface Tracked {}
