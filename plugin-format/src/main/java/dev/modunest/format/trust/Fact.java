package dev.modunest.format.trust;

/** Something that was checked and holds, in words. */
public record Fact(Step step, String text) {}
