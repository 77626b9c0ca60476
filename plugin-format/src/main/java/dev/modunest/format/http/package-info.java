/**
 * HTTP rules that the origin and the edge both obey: byte ranges, entity tags, problem documents.
 * Pure functions.
 */
@NullMarked
package dev.modunest.format.http;

import org.jspecify.annotations.NullMarked;
