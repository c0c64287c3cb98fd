/** What a capture holds, as text and as JSON. */
package org.fwreplay.report.info;
