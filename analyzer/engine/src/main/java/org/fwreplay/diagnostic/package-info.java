/** What is wrong with a text that people wrote, at which place, and what would be right. */
package org.fwreplay.diagnostic;
