/** What there is: plugins, releases, the sparse index. */
@NullMarked
package dev.modunest.server.catalog;

import org.jspecify.annotations.NullMarked;
