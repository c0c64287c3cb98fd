/** Findings about rulesets as text and as JSON. */
package org.fwreplay.report.lint;
