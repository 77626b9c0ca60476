package dev.modunest.db.identity;

import java.time.Instant;
import java.util.Optional;

/** Accounts that own namespaces together. */
public record Organization(long id, String name, Optional<String> displayName, Instant createdAt) {}
