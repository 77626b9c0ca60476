/** Access tokens and the keys that sign them. */
@NullMarked
package dev.modunest.server.token;

import org.jspecify.annotations.NullMarked;
