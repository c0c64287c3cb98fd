/** What CI services read: SARIF, JUnit XML, GitHub's annotations. */
package org.fwreplay.report.ci;
