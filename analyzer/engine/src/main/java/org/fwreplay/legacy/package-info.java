/** Systems of the past that rules can still ask for: what they remember, apart from the rules. */
package org.fwreplay.legacy;
