/**
 * Freshness by The Update Framework 1.0: metadata, the client's workflow and what it keeps. No
 * network: who uses it reads files of the repository.
 *
 * @see <a href="https://theupdateframework.github.io/specification/latest/">the specification</a>
 */
@NullMarked
package dev.modunest.format.tuf;

import org.jspecify.annotations.NullMarked;
