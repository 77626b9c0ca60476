package dev.modunest.server.artifact;

import dev.modunest.settings.Default;
import dev.modunest.settings.Secret;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the artifacts are and how long to wait for them.
 *
 * @param endpoint of an S3-compatible service; absent: Amazon's own for the region
 * @param accessKey with {@code secretKey}; both absent: the AWS SDK's default credentials
 * @param pathStyle the bucket in the path instead of the host name
 * @param connectTimeout longest wait for a connection to be made
 * @param acquireTimeout longest wait for a connection from the pool
 * @param readTimeout longest silence on a connection
 * @param attemptTimeout longest try of one call
 * @param callTimeout longest call, all tries together
 * @param copyTimeout longest copy of one object inside the storage
 * @param maxConnections most connections
 * @param maxAttempts most tries of one call
 */
public record S3Config(
        Optional<URI> endpoint,
        @Default("us-east-1") String region,
        @Default("modunest") String bucket,
        Optional<String> accessKey,
        Optional<Secret> secretKey,
        @Default("true") boolean pathStyle,
        @Default("3s") Duration connectTimeout,
        @Default("5s") Duration acquireTimeout,
        @Default("30s") Duration readTimeout,
        @Default("30s") Duration attemptTimeout,
        @Default("60s") Duration callTimeout,
        @Default("5m") Duration copyTimeout,
        @Default("256") int maxConnections,
        @Default("3") int maxAttempts) {

    public S3Config {
        if (accessKey.isPresent() != secretKey.isPresent()) {
            throw new IllegalArgumentException(
                    "access_key and secret_key are given together or not at all");
        }
        if (bucket.length() < 3 || bucket.length() > 63) {
            throw new IllegalArgumentException(
                    "bucket has 3 to 63 characters, not " + bucket.length());
        }
        if (maxConnections < 1 || maxConnections > 10_000) {
            throw new IllegalArgumentException(
                    "max_connections is 1 to 10000, not " + maxConnections);
        }
        if (maxAttempts < 1 || maxAttempts > 10) {
            throw new IllegalArgumentException("max_attempts is 1 to 10, not " + maxAttempts);
        }
    }
}
