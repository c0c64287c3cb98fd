/**
 * The firewall host: its interfaces, addresses, routes, policy rules, neighbours and sysctls, and
 * the routing decisions that Linux takes with them.
 *
 * <p>An address is two longs in network order, {@code (hi, lo)}. An IPv4 address has {@code hi}
 * zero and its 32 bits in the low half of {@code lo}. Interfaces are named by a small dense id, the
 * place in {@link org.fwreplay.host.Host#interfaces()}; -1 is no interface.
 *
 * <p>Everything is immutable once loaded. Only {@link org.fwreplay.host.Router} has working
 * storage: one for each thread.
 */
package org.fwreplay.host;
