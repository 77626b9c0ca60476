/** Hosts: their enrolment, what they may have, and their tokens. */
@NullMarked
package dev.modunest.server.host;

import org.jspecify.annotations.NullMarked;
