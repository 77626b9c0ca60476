package dev.modunest.server.oauth;

import dev.modunest.db.Database;
import dev.modunest.server.admission.Parties;
import dev.modunest.server.admission.RateLimits;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.token.AccessTokens;
import dev.modunest.server.token.ArtifactUrls;
import dev.modunest.server.token.SigningKeys;
import dev.modunest.server.token.TokenGrant;

import io.helidon.webserver.http.Handler;

import java.time.InstantSource;
import java.util.List;

/** Wires the endpoints of the authorization server. */
public final class OAuthEndpoints {

    private final TokenEndpoint token;
    private final MetadataEndpoint metadata;
    private final KeySetEndpoint jwks;
    private final KeySetEndpoint artifactUrlKeys;
    private final IntrospectEndpoint introspect;
    private final RevokeEndpoint revoke;

    public OAuthEndpoints(
            List<TokenGrant> grants,
            SigningKeys keys,
            ArtifactUrls urls,
            AccessTokens tokens,
            PluginAuthService auth,
            RateLimits limits,
            Parties parties,
            Database database,
            InstantSource clock) {
        OAuthAnswers answers = new OAuthAnswers(limits, parties, database, clock);
        this.token = new TokenEndpoint(grants, parties, answers);
        this.metadata = new MetadataEndpoint(tokens, token.types());
        this.jwks = new KeySetEndpoint(keys::jwks);
        this.artifactUrlKeys = new KeySetEndpoint(urls::keySet);
        this.introspect = new IntrospectEndpoint(tokens, auth, database, answers, clock);
        this.revoke = new RevokeEndpoint(tokens, database, parties, answers, clock);
    }

    /** {@code POST /oauth/token}. */
    public Handler token() {
        return token::post;
    }

    /** {@code GET /.well-known/oauth-authorization-server}. */
    public Handler metadata() {
        return metadata::get;
    }

    /** {@code GET /.well-known/jwks.json}. */
    public Handler jwks() {
        return jwks::get;
    }

    /** {@code GET /.well-known/artifact-url-keys.json}. */
    public Handler artifactUrlKeys() {
        return artifactUrlKeys::get;
    }

    /** {@code POST /oauth/introspect}. */
    public Handler introspect() {
        return introspect::post;
    }

    /** {@code POST /oauth/revoke}. */
    public Handler revoke() {
        return revoke::post;
    }
}
