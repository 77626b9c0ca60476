@NullMarked
package dev.modunest.loader.config;

import org.jspecify.annotations.NullMarked;
