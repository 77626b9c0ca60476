package dev.modunest.loader.trust;

/**
 * Something that was checked and holds, in words.
 *
 * @param step its number in {@code docs/format/trust.md}
 */
public record CheckedFact(int step, String text) {}
