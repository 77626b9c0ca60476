/** Follows a transparency log from outside, and reads in it what concerns a namespace. */
@NullMarked
package dev.modunest.standalone.monitor;

import org.jspecify.annotations.NullMarked;
