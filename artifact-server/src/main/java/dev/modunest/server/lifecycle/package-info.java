/** What becomes of releases after they are published: yank, deprecate, quarantine, delete. */
@NullMarked
package dev.modunest.server.lifecycle;

import org.jspecify.annotations.NullMarked;
