/**
 * Two rulesets over the same captures: edits, connections whose fate differs, and what is to blame.
 */
package org.fwreplay.diff;
