package dev.modunest.db.identity;

import java.time.Instant;

/** What the holder of a domain puts into it, to prove that the namespace is theirs too. */
public record NamespaceChallenge(
        String namespace, String domain, String challenge, Instant createdAt, Instant expiresAt) {}
