/** How two rulesets differ over the same captures: text, JSON, Markdown, HTML. */
package org.fwreplay.report.diff;
