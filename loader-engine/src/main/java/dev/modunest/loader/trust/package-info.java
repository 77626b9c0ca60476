/**
 * Whether a host may trust a release: the steps of {@code docs/format/trust.md} with a registry's
 * repository, log and revocations, and with what the host trusted before.
 */
@NullMarked
package dev.modunest.loader.trust;

import org.jspecify.annotations.NullMarked;
