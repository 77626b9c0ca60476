package dev.modunest.server.oidc;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;

import java.net.URI;
import java.time.InstantSource;

/**
 * Discovery documents and keys of issuers (OpenID Connect Discovery 1.0, section 4), remembered for
 * {@code oidc.cache}. An issuer comes from the settings or from what an administrator entered,
 * never from a token. Thread-safe.
 */
final class Discovery {

    private static final String WELL_KNOWN = "/.well-known/openid-configuration";
    private static final int MOST_ISSUERS = 1000;

    private final ProviderHttp http;
    private final OidcConfig config;
    private final InstantSource clock;
    private final LoadingCache<URI, Issuer> issuers =
            Caffeine.newBuilder().maximumSize(MOST_ISSUERS).build(this::issuer);

    private record Issuer(Fetched<ProviderMetadata> metadata, Fetched<KeySet> keys) {}

    Discovery(ProviderHttp http, OidcConfig config, InstantSource clock) {
        this.http = http;
        this.config = config;
        this.clock = clock;
    }

    ProviderMetadata metadata(URI issuer) {
        return issuers.get(issuer).metadata().get();
    }

    KeySet keys(URI issuer) {
        return issuers.get(issuer).keys().get();
    }

    /** The keys, fetched again unless that was done in the last {@code oidc.key_refresh}. */
    KeySet refreshedKeys(URI issuer) {
        return issuers.get(issuer).keys().refresh(config.keyRefresh());
    }

    private Issuer issuer(URI issuer) {
        SecureUris.requireIssuer(issuer);
        Fetched<ProviderMetadata> metadata =
                new Fetched<>(
                        () -> ProviderMetadata.read(http.get(document(issuer)), issuer),
                        clock,
                        config.cache(),
                        config.failureCache());
        Fetched<KeySet> keys =
                new Fetched<>(
                        () -> KeySet.read(http.get(metadata.get().jwksUri()), issuer),
                        clock,
                        config.cache(),
                        config.failureCache());
        return new Issuer(metadata, keys);
    }

    /** A slash at the end of the issuer is not doubled (section 4.1). */
    private static URI document(URI issuer) {
        return URI.create(issuer.toString().replaceFirst("/$", "") + WELL_KNOWN);
    }
}
