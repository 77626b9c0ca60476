package dev.modunest.db;

import java.time.Instant;
import java.util.Optional;

/**
 * An account as administrators see it.
 *
 * @param kind person or machine
 */
public record AccountRecord(
        Account account,
        String kind,
        Optional<String> displayName,
        Optional<Instant> disabledAt,
        Instant createdAt) {}
