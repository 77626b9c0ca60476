package dev.modunest.edge.metrics;

/** How full a tier is. */
public record TierSample(String tier, long bytes, long objects) {}
