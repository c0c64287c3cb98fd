/**
 * Captures: pcap and pcapng, plain or compressed, read record by record into a reused {@link
 * org.fwreplay.capture.CaptureRecord}, merged by time stamp, taken apart down to the network
 * header, and written. The lowest package of the engine.
 *
 * <p>Damage in a capture is a value ({@link org.fwreplay.capture.CaptureProblem}), what came before
 * it counts; only a file that is no capture at all is an exception, at open.
 */
package org.fwreplay.capture;
