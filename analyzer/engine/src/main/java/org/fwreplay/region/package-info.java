/**
 * Sets of packets as unions of boxes: what a rule's conditions leave of all packets there can be,
 * and the algebra that compares such sets. For questions that are answered without a capture.
 */
package org.fwreplay.region;
