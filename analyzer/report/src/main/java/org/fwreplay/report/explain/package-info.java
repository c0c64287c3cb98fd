/** One frame's whole way through hooks, tables, chains and rules. */
package org.fwreplay.report.explain;
