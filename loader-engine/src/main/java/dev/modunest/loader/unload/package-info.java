/** What plugins leave behind, and the proof that their classes are gone. */
@NullMarked
package dev.modunest.loader.unload;

import org.jspecify.annotations.NullMarked;
