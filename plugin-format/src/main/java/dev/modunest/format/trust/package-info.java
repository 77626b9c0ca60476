/**
 * Whether a release is what its publisher and the registry signed: the decision of a host, as a
 * pure function (docs/format/trust.md).
 */
@NullMarked
package dev.modunest.format.trust;

import org.jspecify.annotations.NullMarked;
