/** Whether the storage holds what the index says, and nothing else. */
@NullMarked
package dev.modunest.server.doctor;

import org.jspecify.annotations.NullMarked;
