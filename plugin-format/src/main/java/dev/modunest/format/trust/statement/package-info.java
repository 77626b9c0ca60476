/**
 * What is signed: in-toto statements of publishers, builders and the registry, in DSSE envelopes.
 */
@NullMarked
package dev.modunest.format.trust.statement;

import org.jspecify.annotations.NullMarked;
