package dev.modunest.edge.admin;

import dev.modunest.settings.Default;
import dev.modunest.settings.Secret;

import java.time.Duration;
import java.util.Optional;

/**
 * The port of the administration.
 *
 * @param port 0: any free one
 * @param token that a caller shows as {@code Authorization: Bearer}; none: the port is not opened
 * @param idleTimeout of a connection without a byte in either direction
 * @param maxRegistered origin servers that may have announced themselves
 * @param maxTtl for which one announcement may hold
 */
public record AdminSettings(
        @Default("127.0.0.1") String address,
        @Default("8082") int port,
        Optional<Secret> token,
        @Default("30s") Duration idleTimeout,
        @Default("64") int maxRegistered,
        @Default("5m") Duration maxTtl) {

    private static final int MIN_TOKEN = 16;

    public AdminSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + ": write 0 to 65535");
        }
        if (token.filter(secret -> secret.value().length() < MIN_TOKEN).isPresent()) {
            throw new IllegalArgumentException(
                    "token is shorter than " + MIN_TOKEN + " characters: make a random one");
        }
        if (idleTimeout.toMillis() < 1 || idleTimeout.toHours() > 1) {
            throw new IllegalArgumentException("idle_timeout is 1ms to 1h");
        }
        if (maxRegistered < 1 || maxRegistered > 1000) {
            throw new IllegalArgumentException("max_registered is 1 to 1000, not " + maxRegistered);
        }
        if (maxTtl.toSeconds() < 1 || maxTtl.toDays() > 1) {
            throw new IllegalArgumentException("max_ttl is 1s to 1d");
        }
    }
}
