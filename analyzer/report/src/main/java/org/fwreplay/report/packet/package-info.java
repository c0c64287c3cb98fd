/** What became of each packet, a few lines each. */
package org.fwreplay.report.packet;
