package dev.modunest.server.account;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Bounds of accounts.
 *
 * @param maxTokens most API tokens of one account that work
 * @param maxTokenAge longest time that a token with an expiry may be valid
 * @param freshSignIn how long after a sign-in a password or a second factor may be changed without
 *     the old one
 */
public record AccountConfig(
        @Default("100") int maxTokens,
        @Default("365d") Duration maxTokenAge,
        @Default("10m") Duration freshSignIn) {

    public AccountConfig {
        if (maxTokens < 1 || maxTokens > 10_000) {
            throw new IllegalArgumentException("max_tokens is 1 to 10000, not " + maxTokens);
        }
        if (maxTokenAge.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("max_token_age is at least 1m, not " + maxTokenAge);
        }
        if (freshSignIn.compareTo(Duration.ofSeconds(1)) < 0
                || freshSignIn.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("fresh_sign_in is 1s to 1h, not " + freshSignIn);
        }
    }
}
