/**
 * What a plugin is: identity, version, manifest, digest, archive. No server and no I/O but {@link
 * java.io.InputStream}.
 */
@NullMarked
package dev.modunest.format;

import org.jspecify.annotations.NullMarked;
