/** Whether the process and what it stands on work. */
@NullMarked
package dev.modunest.server.health;

import org.jspecify.annotations.NullMarked;
