/**
 * Transparency logs: the hashes of RFC 6962, and notes, checkpoints, tiles and proofs after C2SP.
 * Shared by who writes a log, who reads it and who checks a proof of it.
 */
@NullMarked
package dev.modunest.format.log;

import org.jspecify.annotations.NullMarked;
