package dev.modunest.db;

/** Who publishes. */
public record Account(long id, String name, boolean administrator) {}
