/** Makes many distinct plugin jars with a dependency graph, for load and for demonstrations. */
@NullMarked
package dev.modunest.samples.generator;

import org.jspecify.annotations.NullMarked;
