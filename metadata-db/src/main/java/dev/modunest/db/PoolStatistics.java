package dev.modunest.db;

/** The connection pool at one moment, in connections; {@code waiting} in callers. */
public record PoolStatistics(int active, int idle, int total, int waiting, int max) {}
