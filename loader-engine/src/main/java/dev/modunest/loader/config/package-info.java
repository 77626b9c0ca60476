/** The configuration of plugins: files and environment variables as records. */
@NullMarked
package dev.modunest.loader.config;

import org.jspecify.annotations.NullMarked;
