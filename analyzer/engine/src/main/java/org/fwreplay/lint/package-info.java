/** What is wrong, dead or doubtful in a ruleset, found without a capture. */
package org.fwreplay.lint;
