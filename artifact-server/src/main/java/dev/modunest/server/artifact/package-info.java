/** The bytes of releases in S3-compatible storage. */
@NullMarked
package dev.modunest.server.artifact;

import org.jspecify.annotations.NullMarked;
