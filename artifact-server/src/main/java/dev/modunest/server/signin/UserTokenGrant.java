package dev.modunest.server.signin;

import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Scope;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.token.AccessTokens;
import dev.modunest.server.token.IssuedToken;
import dev.modunest.server.token.OAuthException;
import dev.modunest.server.token.TokenGrant;
import dev.modunest.server.token.TokenRequest;

import java.util.List;
import java.util.Optional;

/**
 * Exchanges an access token of a session for one that the endpoints of plugins take and this
 * registry does not (RFC 8693): so a user is known to them without giving them the registry.
 */
final class UserTokenGrant implements TokenGrant {

    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final int MAX_AUDIENCE = 500;

    private final PluginAuthService auth;
    private final AccessTokens tokens;

    UserTokenGrant(PluginAuthService auth, AccessTokens tokens) {
        this.auth = auth;
        this.tokens = tokens;
    }

    @Override
    public String type() {
        return "urn:ietf:params:oauth:grant-type:token-exchange";
    }

    @Override
    public boolean takes(TokenRequest request) {
        return request.find("subject_token_type").filter(ACCESS_TOKEN::equals).isPresent();
    }

    @Override
    public IssuedToken issue(TokenRequest request) {
        String audience = request.require("audience");
        if (audience.length() > MAX_AUDIENCE || audience.chars().anyMatch(c -> c <= ' ')) {
            throw new OAuthException(
                    400,
                    "invalid_target",
                    "audience is the address of the endpoints, without blanks");
        }
        Principal.Developer user = user(request.require("subject_token"));
        List<Scope> scopes = scopes(request.find("scope"), user);
        try {
            return new IssuedToken(
                    auth.shareAuthenticationState(user, List.of(audience), scopes),
                    tokens.lifetime(),
                    scopes.stream().map(Scope::toString).toList(),
                    Optional.empty(),
                    Optional.of(ACCESS_TOKEN));
        } catch (Rejection refused) {
            throw new OAuthException(
                    400, "invalid_target", "the audience is this registry, not an endpoint");
        }
    }

    /** An API token is no sign-in of a user, and is not exchanged. */
    private Principal.Developer user(String token) {
        try {
            Principal.Developer user = auth.authenticateDeveloper(token);
            if (user.session().isPresent()) {
                return user;
            }
        } catch (Rejection refused) {
            throw notOfASession();
        }
        throw notOfASession();
    }

    private static OAuthException notOfASession() {
        return OAuthException.invalidGrant("subject_token is no access token of a session")
                .about("an access token");
    }

    private static List<Scope> scopes(Optional<String> asked, Principal.Developer user) {
        try {
            List<Scope> scopes =
                    asked.map(text -> Scope.parseAll(List.of(text.split(" "))))
                            .orElseGet(user::scopes);
            boolean more =
                    scopes.stream()
                            .anyMatch(
                                    wanted ->
                                            user.scopes().stream()
                                                    .noneMatch(own -> own.includes(wanted)));
            if (!more) {
                return scopes;
            }
        } catch (IllegalArgumentException malformed) {
            throw OAuthException.invalidScope("a scope is action:pattern");
        }
        throw OAuthException.invalidScope("the scope is more than that of subject_token");
    }
}
