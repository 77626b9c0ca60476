/** What the server does to keep the index in shape: partitions and retention. */
@NullMarked
package dev.modunest.server.housekeeping;

import org.jspecify.annotations.NullMarked;
