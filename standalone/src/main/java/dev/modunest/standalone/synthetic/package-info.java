/** A registry made up from a number: plausible plugins, releases, dependencies and downloads. */
@NullMarked
package dev.modunest.standalone.synthetic;

import org.jspecify.annotations.NullMarked;
