package dev.modunest.db.identity;

import java.time.Instant;

/** A namespace that is offered to another owner. */
public record NamespaceTransfer(
        String namespace, NamespaceOwner to, Instant createdAt, Instant expiresAt) {}
