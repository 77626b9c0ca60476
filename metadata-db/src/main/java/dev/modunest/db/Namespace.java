package dev.modunest.db;

/**
 * A namespace and the account that owns it.
 *
 * @param verified whether an administrator knows that the owner is who the name says
 */
public record Namespace(String name, long ownerAccountId, boolean verified) {}
