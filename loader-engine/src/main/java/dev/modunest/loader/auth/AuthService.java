package dev.modunest.loader.auth;

import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.loader.AuthOptions;
import dev.modunest.loader.AuthOptions.StatePolicy;
import dev.modunest.loader.AuthenticationResult;
import dev.modunest.loader.Decision;
import dev.modunest.loader.LoaderOptions.FetchOptions;
import dev.modunest.loader.OwnedAuthenticationState;
import dev.modunest.loader.PluginAuthService;
import dev.modunest.loader.PluginAuthentication;
import dev.modunest.loader.TrustedIssuer;
import dev.modunest.loader.UserIdentity;
import dev.modunest.loader.auth.TokenVerifier.Trusted;
import dev.modunest.loader.auth.TokenVerifier.Verified;
import dev.modunest.loader.fetch.HttpTransport;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The service: verified tokens first, the verifier behind them, states beside. Thread-safe. */
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
                    Thread.ofVirtual()
                            .name("modunest-auth-", 0)
                            .inheritInheritableThreadLocals(false)
                            .factory());
    private final InstantSource clock;
    private final TokenVerifier verifier;
    private final VerifiedTokens verified;
    private final StatePolicy policy;
    private final StateTable states;

    /** So that listeners hear of a state that expires when nobody asks for it. */
    private final ScheduledExecutorService sweeper =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("modunest-auth-expiry").factory());

    AuthService(AuthOptions options) {
        Map<String, Trusted> issuers = new HashMap<>();
        for (TrustedIssuer issuer : options.issuers()) {
            issuers.put(issuer.issuer(), new Trusted(issuer, keys(issuer, options)));
        }
        this.clock = options.clock();
        this.verifier = new TokenVerifier(issuers, options.leeway());
        this.verified = new VerifiedTokens(options.maxTokens());
        this.policy = options.statePolicy();
        this.states =
                new StateTable(
                        options.maxStates(),
                        user -> verifier.isCurrent(user.expires(), clock.instant()),
                        background);
        var _ = sweeper.scheduleWithFixedDelay(states::endExpired, 1, 1, TimeUnit.SECONDS);
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
        Optional<VerifiedUser> own = verifier.own(user);
        if (own.isEmpty()) {
            return new Decision.Denied(
                    "The identity was not made by authenticateUser of this service: verify an"
                            + " access token first.");
        }
        boolean current = verifier.isCurrent(own.get().expires(), clock.instant());
        return Authorizer.decide(own.get(), current, action, resource);
    }

    @Override
    public OwnedAuthenticationState shareAuthenticationState(
            UserIdentity user, Set<String> plugins) {
        return share(Viewer.HOST, user, plugins);
    }

    OwnedAuthenticationState share(Viewer owner, UserIdentity user, Set<String> plugins) {
        return new StateView(states.open(owner, own(user), plugins), owner, this);
    }

    VerifiedUser own(UserIdentity user) {
        return verifier.own(user)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "the identity was not made by authenticateUser of this"
                                                + " service"));
    }

    StateTable states() {
        return states;
    }

    @Override
    public Optional<PluginAuthentication> of(Manifest manifest) {
        return Viewer.of(manifest, policy).map(viewer -> new PluginUsers(viewer, this));
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
        states.endAll();
        transport.close();
        background.shutdown();
    }
}
