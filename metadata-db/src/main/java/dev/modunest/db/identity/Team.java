package dev.modunest.db.identity;

import java.time.Instant;

/**
 * Some members of an organisation, to whom something is granted together.
 *
 * @param members how many they are
 */
public record Team(long id, String name, Instant createdAt, long members) {}
