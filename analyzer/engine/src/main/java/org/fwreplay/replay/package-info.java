/** A run: captures in, packets through the host, what happened out to those who listen. */
package org.fwreplay.replay;
