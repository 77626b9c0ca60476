package dev.modunest.loader.auth;

import dev.modunest.format.Digest;
import dev.modunest.loader.auth.TokenVerifier.Verified;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens that were verified, by their digest, so that no heap dump holds one. Two generations of
 * half the bound each: when the younger is full it becomes the older, and what is used moves back
 * up. Thread-safe; reads take no lock.
 */
final class VerifiedTokens {

    private final int generation;
    private volatile Map<Digest, Verified> young = new ConcurrentHashMap<>();
    private volatile Map<Digest, Verified> old = Map.of();

    VerifiedTokens(int maxTokens) {
        this.generation = maxTokens / 2;
    }

    static Digest keyOf(String token) {
        return Digest.ofBytes(token.getBytes(StandardCharsets.UTF_8));
    }

    Optional<Verified> find(Digest token) {
        Verified recent = young.get(token);
        if (recent != null) {
            return Optional.of(recent);
        }
        Verified former = old.get(token);
        if (former != null) {
            add(token, former);
        }
        return Optional.ofNullable(former);
    }

    synchronized void add(Digest token, Verified verified) {
        if (young.size() >= generation) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
        young.put(token, verified);
    }

    synchronized void remove(Digest token) {
        young.remove(token);
        if (old.containsKey(token)) {
            old.remove(token);
        }
    }

    int size() {
        return young.size() + old.size();
    }
}
