package dev.modunest.server.auth;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * How tokens are looked up.
 *
 * @param tokenCache how long a token is remembered, and so the longest that a revoked one still
 *     works; 0ms looks every time
 * @param cachedTokens most tokens remembered
 */
public record AuthConfig(@Default("5s") Duration tokenCache, @Default("10000") int cachedTokens) {

    public AuthConfig {
        if (tokenCache.isNegative() || cachedTokens < 0) {
            throw new IllegalArgumentException("token_cache and cached_tokens are not negative");
        }
    }
}
