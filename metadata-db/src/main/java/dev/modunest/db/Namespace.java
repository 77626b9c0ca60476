package dev.modunest.db;

/** A namespace and the account that owns it. */
public record Namespace(String name, long ownerAccountId) {}
