/**
 * What the registry says of releases and of its own acts, signed and logged; and what publishers
 * say.
 */
@NullMarked
package dev.modunest.server.attest;

import org.jspecify.annotations.NullMarked;
