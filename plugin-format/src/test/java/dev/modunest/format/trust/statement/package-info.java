@NullMarked
package dev.modunest.format.trust.statement;

import org.jspecify.annotations.NullMarked;
