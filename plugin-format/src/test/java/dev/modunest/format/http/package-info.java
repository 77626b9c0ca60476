@NullMarked
package dev.modunest.format.http;

import org.jspecify.annotations.NullMarked;
