/** This registry as a witness of the logs of others (C2SP tlog-witness). */
@NullMarked
package dev.modunest.server.witness;

import org.jspecify.annotations.NullMarked;
