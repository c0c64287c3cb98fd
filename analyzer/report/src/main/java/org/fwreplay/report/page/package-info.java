/**
 * The report as one HTML page. Its templates are in src/main/jte, script and style in resources.
 */
package org.fwreplay.report.page;
