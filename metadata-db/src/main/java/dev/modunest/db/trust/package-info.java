/** What trust rests on in the index: the transparency log, certificates. */
@NullMarked
package dev.modunest.db.trust;

import org.jspecify.annotations.NullMarked;
