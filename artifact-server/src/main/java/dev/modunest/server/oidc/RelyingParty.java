package dev.modunest.server.oidc;

import dev.modunest.server.oidc.OidcException.Reason;

import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Sign-in at OpenID providers by code and PKCE, and the check of tokens of other issuers (OpenID
 * Connect Core 1.0; RFC 9700). Every method throws {@link OidcException}. Thread-safe.
 */
public final class RelyingParty implements AutoCloseable {

    private final Map<String, ProviderConfig> providers;
    private final SecureRandom random;
    private final ProviderHttp http;
    private final Discovery discovery;
    private final IdTokens idTokens;

    public RelyingParty(OidcConfig config, InstantSource clock, SecureRandom random) {
        this.providers = config.providers();
        this.random = random;
        this.http = new ProviderHttp(config);
        this.discovery = new Discovery(http, config, clock);
        this.idTokens = new IdTokens(discovery, config.leeway(), clock);
    }

    /** By their names, in the order of the settings. */
    public Map<String, ProviderConfig> providers() {
        return providers;
    }

    /** A sign-in to be kept until the person returns; sends nothing. */
    public AuthorizationRequest begin(String provider, URI redirectUri) {
        require(provider);
        return AuthorizationRequest.create(provider, redirectUri, random);
    }

    /** Where to send the person for {@code request}; may ask the provider for its endpoints. */
    public URI location(AuthorizationRequest request) {
        ProviderConfig provider = require(request.provider());
        URI endpoint =
                discovery
                        .metadata(provider.issuer())
                        .authorizationEndpoint()
                        .orElseThrow(
                                () ->
                                        new OidcException(
                                                Reason.PROVIDER_UNSUITABLE,
                                                provider.issuer()
                                                        + " names no authorization_endpoint"));
        return request.location(provider, endpoint);
    }

    /**
     * Who returned with {@code response} to {@code request}. The caller has removed the request
     * from where it was kept, so that it is finished once.
     */
    public Identity finish(AuthorizationRequest request, AuthorizationResponse response) {
        ProviderConfig provider = require(request.provider());
        if (!IdTokens.isEqual(request.state(), response.state())) {
            throw new OidcException(
                    Reason.STATE_DIFFERS,
                    "the answer belongs to another sign-in; begin the sign-in again");
        }
        ProviderMetadata metadata = discovery.metadata(provider.issuer());
        requireIssuer(metadata, response.issuer());
        String token =
                TokenRequest.exchange(http, provider, metadata, request, code(response, provider));
        return Identity.of(
                request.provider(),
                provider,
                idTokens.verify(token, TokenRules.signIn(provider, request.nonce())));
    }

    /** The token of another issuer, checked: of a CI provider that publishes without a secret. */
    public VerifiedToken verify(String token, TokenRules rules) {
        return idTokens.verify(token, rules);
    }

    /** Against a mix-up of providers (RFC 9207, section 2.4). */
    private static void requireIssuer(ProviderMetadata metadata, Optional<String> stated) {
        boolean missing = metadata.sendsIssuer() && stated.isEmpty();
        if (missing
                || stated.filter(iss -> !iss.equals(metadata.issuer().toString())).isPresent()) {
            throw new OidcException(
                    Reason.RESPONSE_ISSUER_DIFFERS,
                    "the answer does not come from "
                            + metadata.issuer()
                            + "; begin the sign-in again");
        }
    }

    private static String code(AuthorizationResponse response, ProviderConfig provider) {
        if (response.error().isPresent()) {
            throw new OidcException(
                    Reason.SIGN_IN_REFUSED,
                    provider.issuer()
                            + " ended the sign-in without success"
                            + TokenRequest.readable(response.error().get()));
        }
        return response.code()
                .filter(code -> !code.isEmpty())
                .orElseThrow(
                        () ->
                                new OidcException(
                                        Reason.RESPONSE_MALFORMED,
                                        "the answer of the identity provider has no code; begin the sign-in again"));
    }

    private ProviderConfig require(String name) {
        ProviderConfig provider = providers.get(name);
        if (provider == null) {
            throw new OidcException(
                    Reason.PROVIDER_UNKNOWN,
                    "there is no identity provider of that name; there are "
                            + String.join(", ", providers.keySet()));
        }
        return provider;
    }

    @Override
    public void close() {
        http.close();
    }
}
