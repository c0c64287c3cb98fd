package org.fwreplay.capture;

/**
 * An interface that a capture was made on.
 *
 * @param id {@link CaptureRecord#interfaceId} of its records
 * @param linkType LINKTYPE_ value, see {@link LinkLayer}
 * @param snapLength bytes captured of a packet at most, 0 for no limit
 * @param name its name, null when the capture does not say
 * @param description its description, null when the capture does not say
 */
public record CaptureInterface(
    int id, int linkType, int snapLength, String name, String description) {}
