package dev.modunest.db;

import dev.modunest.settings.Default;
import dev.modunest.settings.Secret;

import java.time.Duration;

/**
 * Where Postgres is and how long to wait for it.
 *
 * @param url a JDBC URL, {@code jdbc:postgresql://host:5432/modunest}
 * @param poolSize most connections
 * @param connectionTimeout longest wait for a connection from the pool, and for a new one to be
 *     made
 * @param statementTimeout longest run of one statement
 * @param lockTimeout longest wait for a lock
 */
public record DatabaseConfig(
        String url,
        @Default("modunest") String user,
        Secret password,
        @Default("10") int poolSize,
        @Default("5s") Duration connectionTimeout,
        @Default("30s") Duration statementTimeout,
        @Default("10s") Duration lockTimeout) {

    public DatabaseConfig {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(
                    "url is jdbc:postgresql://host:port/database, not '" + url + "'");
        }
        if (poolSize < 1 || poolSize > 1_000) {
            throw new IllegalArgumentException("pool_size is 1 to 1000, not " + poolSize);
        }
        if (connectionTimeout.toMillis() < 250) {
            throw new IllegalArgumentException("connection_timeout is at least 250ms");
        }
        if (statementTimeout.toMillis() < 1 || lockTimeout.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "statement_timeout and lock_timeout are at least 1ms: every wait is bounded");
        }
    }
}
