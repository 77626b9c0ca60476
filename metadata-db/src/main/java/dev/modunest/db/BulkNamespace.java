package dev.modunest.db;

/**
 * A namespace for {@link BulkStore}.
 *
 * @param owner the name of an account
 */
public record BulkNamespace(String name, String owner, boolean verified) {}
