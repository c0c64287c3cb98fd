/** What the firewall would hold and send, in the kernel tools' own formats. */
package org.fwreplay.report.export;
