package org.fwreplay.diff;

import java.util.List;

/**
 * Edits that make a difference, and the connections for which they make it.
 *
 * @param edits the smallest set that was found: with fewer of them the connections fare otherwise
 * @param isolated false where no such set was found: then these are all edits
 */
public record Cause(List<Edit> edits, boolean isolated, List<Conversation> conversations) {}
