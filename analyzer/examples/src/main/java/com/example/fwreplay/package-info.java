/** A match and a target that Linux does not have: an example of extensions from outside. */
package com.example.fwreplay;
