/** What a run showed, and how it is told: as text for the terminal, as JSON. */
package org.fwreplay.report;
