/**
 * Connection tracking helpers, each with its NAT half: they read control connections, expect the
 * connections that are announced there and rewrite addresses inside the payload.
 */
package org.fwreplay.helper;
