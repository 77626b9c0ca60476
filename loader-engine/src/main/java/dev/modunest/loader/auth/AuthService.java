package dev.modunest.loader.auth;

import dev.modunest.format.Digest;
import dev.modunest.loader.AuthOptions;
import dev.modunest.loader.AuthenticationResult;
import dev.modunest.loader.Decision;
import dev.modunest.loader.LoaderOptions.FetchOptions;
import dev.modunest.loader.PluginAuthService;
import dev.modunest.loader.TrustedIssuer;
import dev.modunest.loader.UserIdentity;
import dev.modunest.loader.auth.TokenVerifier.Trusted;
import dev.modunest.loader.auth.TokenVerifier.Verified;
import dev.modunest.loader.fetch.HttpTransport;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The service: verified tokens first, the verifier behind them. Thread-safe. */
final class AuthService implements PluginAuthService {

    /** A user waits for a key set no longer than this. */
    private static final FetchOptions KEY_REQUESTS =
            new FetchOptions(
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    2,
                    KeyOrigin.MAX_BYTES);

    private final HttpTransport transport = new HttpTransport(KEY_REQUESTS, Thread::sleep);
    private final ExecutorService background =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("modunest-auth-", 0).factory());
    private final InstantSource clock;
    private final TokenVerifier verifier;
    private final VerifiedTokens verified;

    AuthService(AuthOptions options) {
        Map<String, Trusted> issuers = new HashMap<>();
        for (TrustedIssuer issuer : options.issuers()) {
            issuers.put(issuer.issuer(), new Trusted(issuer, keys(issuer, options)));
        }
        this.clock = options.clock();
        this.verifier = new TokenVerifier(issuers, options.leeway());
        this.verified = new VerifiedTokens(options.maxTokens());
    }

    private IssuerKeys keys(TrustedIssuer issuer, AuthOptions options) {
        return switch (issuer.keys()) {
            case TrustedIssuer.Keys.At at ->
                    new IssuerKeys(
                            issuer.issuer(),
                            KeyOrigin.at(at.address(), transport),
                            Optional.of(new KeyFile(options.directory(), at.address())),
                            options.keys(),
                            options.clock(),
                            background);
            case TrustedIssuer.Keys.In in ->
                    new IssuerKeys(
                            issuer.issuer(),
                            KeyOrigin.in(in.file()),
                            Optional.empty(),
                            options.keys(),
                            options.clock(),
                            background);
        };
    }

    @Override
    public AuthenticationResult authenticateUser(String accessToken) {
        if (accessToken.length() > CompactToken.MAX_LENGTH) {
            return verify(accessToken);
        }
        Digest key = VerifiedTokens.keyOf(accessToken);
        Optional<Verified> known = verified.find(key);
        if (known.isPresent()) {
            if (holds(known.get())) {
                return new AuthenticationResult.Authenticated(known.get().user());
            }
            verified.remove(key);
        }
        return verify(accessToken);
    }

    /** Whether a token that was good still is: not expired, its key not withdrawn. */
    private boolean holds(Verified known) {
        try {
            return verifier.isCurrent(known.user().expires(), clock.instant())
                    && known.keys().has(known.key());
        } catch (RejectedException withoutKeys) {
            return false;
        }
    }

    private AuthenticationResult verify(String token) {
        try {
            Verified fresh = verifier.verify(token, clock.instant());
            verified.add(VerifiedTokens.keyOf(token), fresh);
            return new AuthenticationResult.Authenticated(fresh.user());
        } catch (RejectedException rejected) {
            return rejected.rejected();
        }
    }

    @Override
    public Decision authorize(UserIdentity user, String action, String resource) {
        Instant now = clock.instant();
        return Authorizer.decide(user, verifier.isCurrent(user.expires(), now), action, resource);
    }

    @Override
    public void close() {
        transport.close();
        background.shutdownNow();
    }
}
