package dev.modunest.server.auth;

import dev.modunest.format.http.SignedArtifactUrl;
import dev.modunest.settings.Default;
import dev.modunest.settings.Secret;

import java.time.Duration;
import java.util.Optional;

/**
 * How artifacts of private namespaces come to those who may read them.
 *
 * @param urlLifetime how long a signed URL holds
 * @param edgeToken by which edges fetch and keep them; none: no edge may
 */
public record PrivateArtifactsConfig(
        @Default("10m") Duration urlLifetime, Optional<Secret> edgeToken) {

    public PrivateArtifactsConfig {
        if (urlLifetime.compareTo(Duration.ofSeconds(10)) < 0
                || urlLifetime.compareTo(SignedArtifactUrl.MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException("url_lifetime is 10s to 1h, not " + urlLifetime);
        }
        if (edgeToken.filter(secret -> secret.value().length() < 16).isPresent()) {
            throw new IllegalArgumentException("edge_token has at least 16 characters");
        }
    }
}
