package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;

/**
 * State on its way from one plugin to the one that takes its place.
 *
 * @param from the release that saved it
 * @param version the form of {@code bytes}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SavedState(Coordinate from, int version, byte[] bytes) {}
