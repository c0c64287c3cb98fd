/** Work that a second processor does beside. */
package org.fwreplay.task;
