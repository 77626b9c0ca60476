package dev.modunest.db;

import dev.modunest.settings.Default;
import dev.modunest.settings.Secret;

import java.time.Duration;
import java.util.List;

/**
 * Where Postgres is and how long to wait for it.
 *
 * @param url a JDBC URL, {@code jdbc:postgresql://host:5432/modunest}
 * @param poolSize most connections
 * @param connectionTimeout longest wait for a connection from the pool, and for a new one to be
 *     made
 * @param statementTimeout longest run of one statement
 * @param lockTimeout longest wait for a lock
 * @param slowStatement how long a statement runs until it is logged as slow
 * @param replicas JDBC URLs of servers that follow the primary, one each; same user and password
 * @param replicaPoolSize most connections to each of them
 * @param replicaCheck between two checks of a replica
 * @param replicaTimeout longest wait for a check and for a connection; then the replica is left out
 * @param replicaMaxLag oldest data that a stale read may give
 */
public record DatabaseConfig(
        String url,
        @Default("modunest") String user,
        Secret password,
        @Default("10") int poolSize,
        @Default("5s") Duration connectionTimeout,
        @Default("30s") Duration statementTimeout,
        @Default("10s") Duration lockTimeout,
        @Default("500ms") Duration slowStatement,
        List<String> replicas,
        @Default("10") int replicaPoolSize,
        @Default("250ms") Duration replicaCheck,
        @Default("1s") Duration replicaTimeout,
        @Default("10s") Duration replicaMaxLag) {

    private static final int MAX_REPLICAS = 16;

    public DatabaseConfig {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(
                    "url is jdbc:postgresql://host:port/database, not '" + url + "'");
        }
        replicas = List.copyOf(replicas);
        for (String replica : replicas) {
            if (!replica.matches("jdbc:postgresql://[^,/]+/.+")) {
                throw new IllegalArgumentException(
                        "replicas are jdbc:postgresql://host:port/database with one host each, not '"
                                + replica
                                + "'");
            }
        }
        if (replicas.size() > MAX_REPLICAS) {
            throw new IllegalArgumentException("replicas are at most " + MAX_REPLICAS);
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
        if (slowStatement.toMillis() < 1) {
            throw new IllegalArgumentException("slow_statement is at least 1ms");
        }
        if (replicaPoolSize < 1 || replicaPoolSize > 1_000) {
            throw new IllegalArgumentException(
                    "replica_pool_size is 1 to 1000, not " + replicaPoolSize);
        }
        if (replicaTimeout.toMillis() < 250 || replicaTimeout.toMinutes() >= 1) {
            throw new IllegalArgumentException("replica_timeout is at least 250ms and below 1m");
        }
        if (replicaCheck.toMillis() < 10
                || replicaMaxLag.compareTo(replicaCheck.multipliedBy(4)) < 0) {
            throw new IllegalArgumentException(
                    "replica_check is at least 10ms, and replica_max_lag at least four times that");
        }
    }

    /** The primary alone, with statements that may run for that long. */
    public DatabaseConfig patient(Duration longest) {
        return new DatabaseConfig(
                url,
                user,
                password,
                poolSize,
                connectionTimeout,
                longest,
                lockTimeout,
                longest,
                List.of(),
                replicaPoolSize,
                replicaCheck,
                replicaTimeout,
                replicaMaxLag);
    }
}
