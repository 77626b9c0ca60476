package dev.modunest.server.signin;

import dev.modunest.db.Database;
import dev.modunest.server.admission.Parties;
import dev.modunest.server.admission.RateLimits;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.oidc.RelyingParty;
import dev.modunest.server.password.LocalAccounts;
import dev.modunest.server.password.Sealer;
import dev.modunest.server.token.AccessTokens;
import dev.modunest.server.token.TokenConfig;
import dev.modunest.server.token.TokenGrant;

import io.helidon.webserver.http.Handler;

import java.time.InstantSource;
import java.util.List;

/** Wires how people sign in. */
public final class SigningIn {

    private final SignInEndpoint signIn;
    private final DeviceEndpoint device;
    private final DeviceAuthorizationEndpoint authorization;
    private final List<TokenGrant> grants;

    public SigningIn(
            SignInConfig config,
            TokenConfig tokenConfig,
            Database database,
            RelyingParty providers,
            LocalAccounts locals,
            Sealer sealer,
            AccessTokens tokens,
            PluginAuthService auth,
            RateLimits limits,
            Parties parties,
            InstantSource clock) {
        Sessions sessions =
                new Sessions(database, tokens, config.session(), tokenConfig.refreshToken(), clock);
        this.signIn =
                new SignInEndpoint(
                        config, database, sessions, providers, locals, sealer, tokens, limits,
                        parties);
        this.device = new DeviceEndpoint(database, sessions, limits);
        this.authorization = new DeviceAuthorizationEndpoint(config, database, sessions, tokens);
        this.grants =
                List.of(
                        new DeviceCodeGrant(database, sessions, config.pollInterval()),
                        new RefreshTokenGrant(database, sessions),
                        new UserTokenGrant(auth, tokens));
    }

    /** What the token endpoint grants. */
    public List<TokenGrant> grants() {
        return grants;
    }

    /** {@code GET /sign-in}. */
    public Handler page() {
        return signIn::page;
    }

    /** {@code POST /sign-in}. */
    public Handler password() {
        return signIn::password;
    }

    /** {@code GET /sign-in/{provider}}. */
    public Handler provider() {
        return signIn::provider;
    }

    /** {@code GET /sign-in/{provider}/callback}. */
    public Handler callback() {
        return signIn::callback;
    }

    /** {@code POST /sign-out}. */
    public Handler signOut() {
        return signIn::signOut;
    }

    /** {@code GET /device}. */
    public Handler devicePage() {
        return device::page;
    }

    /** {@code POST /device}. */
    public Handler deviceDecision() {
        return device::decide;
    }

    /** {@code POST /oauth/device_authorization}. */
    public Handler deviceAuthorization() {
        return authorization::post;
    }
}
