/** Packets put together into flows, with what became of them; flows as JSON Lines and CSV. */
package org.fwreplay.report.flow;
