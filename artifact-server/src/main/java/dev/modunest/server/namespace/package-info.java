/** Namespaces: who has them, how that is proved, how they change hands, and who knows of them. */
@NullMarked
package dev.modunest.server.namespace;

import org.jspecify.annotations.NullMarked;
