package dev.modunest.server.auth;

import dev.modunest.db.Account;
import dev.modunest.db.Database;
import dev.modunest.db.IndexedArtifact;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.NamespaceFacts;
import dev.modunest.db.identity.SubjectFacts;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.serial.CacheLease;
import dev.modunest.server.token.AccessClaims;
import dev.modunest.server.token.AccessTokens;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Says who somebody is and what they may do: the one place of both, used by every route. Checked
 * credentials and the facts of access are remembered, and forgotten in every server as soon as a
 * transaction that changes them is committed. What cannot be checked is refused. Thread-safe.
 */
public final class PluginAuthService {

    private final Database database;
    private final AccessTokens tokens;
    private final EdgeToken edges;
    private final LastUse lastUse;
    private final CredentialChecks checks;
    private final InstantSource clock;
    private final Remembered<String, CredentialChecks.Checked> credentials;
    private final Remembered<String, Optional<NamespaceFacts>> namespaces;
    private final Remembered<Long, SubjectFacts> accounts;
    private final Remembered<UUID, SubjectFacts> hosts;

    public PluginAuthService(
            Database database,
            AuthConfig config,
            CacheLease lease,
            AccessTokens tokens,
            EdgeToken edges,
            LastUse lastUse,
            InstantSource clock) {
        this.database = database;
        this.tokens = tokens;
        this.edges = edges;
        this.lastUse = lastUse;
        this.checks = new CredentialChecks(database, tokens, clock);
        this.clock = clock;
        this.credentials = new Remembered<>(lease, config.cachedTokens(), config.tokenCache());
        this.namespaces =
                new Remembered<>(
                        lease, config.cachedFacts(), config.tokenCache(), Optional::isEmpty);
        this.accounts = new Remembered<>(lease, config.cachedFacts(), config.tokenCache());
        this.hosts = new Remembered<>(lease, config.cachedFacts(), config.tokenCache());
    }

    /** Forgets all that is remembered; what is asked next is read anew. */
    public void forget() {
        credentials.forget();
        namespaces.forget();
        accounts.forget();
        hosts.forget();
    }

    /** Who sends the credential; throws {@link Rejection} for one that does not do. */
    public Principal authenticate(Credentials sent) {
        return switch (sent) {
            case Credentials.None _ -> new Principal.Anonymous();
            case Credentials.Cookie(String value) -> ofCookie(value);
            case Credentials.Bearer(String token) ->
                    edges.find(token)
                            .<Principal>map(edge -> edge)
                            .orElseGet(() -> forRegistry(ofBearer(token)));
        };
    }

    /** A token for the endpoints of plugins opens nothing here (RFC 9068, 4). */
    private static Principal forRegistry(Principal principal) {
        if (principal instanceof Principal.EndUser user) {
            throw Credentials.Unauthorized.with(
                    ProblemCode.TOKEN_UNKNOWN,
                    "The token is for "
                            + user.audience()
                            + " and not for this registry; send one that is",
                    "invalid_token");
        }
        return principal;
    }

    /** The developer with that API token or access token; throws {@link Rejection} otherwise. */
    public Principal.Developer authenticateDeveloper(String token) {
        if (ofBearer(token) instanceof Principal.Developer developer) {
            return developer;
        }
        throw notOf("a developer");
    }

    /** The host with that access token; throws {@link Rejection} otherwise. */
    public Principal.Host authenticateHost(String token) {
        if (ofBearer(token) instanceof Principal.Host host) {
            return host;
        }
        throw notOf("a host");
    }

    /**
     * The user of plugin endpoints with that access token; throws {@link Rejection} otherwise.
     *
     * @param audience the endpoints that it has to be for
     */
    public Principal.EndUser authenticateUser(String token, String audience) {
        if (ofBearer(token) instanceof Principal.EndUser user
                && user.audience().contains(audience)) {
            return user;
        }
        throw notOf("a user of " + audience);
    }

    private static Rejection notOf(String wanted) {
        return Credentials.Unauthorized.with(
                ProblemCode.TOKEN_UNKNOWN,
                "The token is not that of " + wanted + "; send one that is",
                "invalid_token");
    }

    /**
     * Makes the authentication of a session known to the endpoints of plugins: a token for them
     * alone, which ends with the session and says who the user is and when they proved it.
     *
     * @param audience the endpoints, such as {@code https://host.example/plugins/acme/notes}
     * @param scopes what it is limited to, at most what the developer's own credential allows
     */
    public String shareAuthenticationState(
            Principal.Developer developer, List<String> audience, List<Scope> scopes) {
        if (audience.isEmpty() || audience.contains(tokens.audience())) {
            throw new Rejection(
                    ProblemCode.PARAMETER_INVALID,
                    "The audience is that of plugin endpoints, not "
                            + audience
                            + "; name the address of the endpoints");
        }
        return tokens.issue(
                new AccessClaims(
                        CredentialChecks.ACCOUNT + developer.account().name(),
                        audience,
                        "modunest",
                        scopes.stream().map(Scope::toString).toList(),
                        developer.session(),
                        developer.authenticatedAt(),
                        clock.instant().plus(tokens.lifetime())));
    }

    /** A browser keeps the cookie of a session that is over; it is nobody's then. */
    private Principal ofCookie(String value) {
        try {
            return remembered("cookie " + sha256(value), () -> checks.ofCookie(sha256(value)));
        } catch (Rejection over) {
            return new Principal.Anonymous();
        }
    }

    private Principal ofBearer(String token) {
        return remembered(sha256(token), () -> checks.ofBearer(token));
    }

    private Principal remembered(String key, Supplier<CredentialChecks.Checked> check) {
        CredentialChecks.Checked checked = credentials.get(key, _ -> check.get());
        if (!clock.instant().isBefore(checked.expiresAt())) {
            throw CredentialChecks.expired();
        }
        if (checked.principal() instanceof Principal.Developer developer) {
            lastUse.note(developer);
        }
        return checked.principal();
    }

    private static String sha256(String text) {
        return Digest.ofBytes(text.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** Whether {@code principal} may do {@code action} to {@code resource}, and why. */
    public Decision authorize(Principal principal, Resource resource, Action action) {
        return switch (resource) {
            case Resource.OfPlugin(PluginId plugin) ->
                    decide(principal, plugin.namespace(), Optional.of(plugin), action);
            case Resource.OfNamespace(String namespace) ->
                    decide(principal, namespace, Optional.empty(), action);
            case Resource.Registry _, Resource.Self _, Resource.OfOrganization _ ->
                    AccessRules.decide(principal, resource, action, subject(principal));
        };
    }

    private Decision decide(
            Principal principal, String namespace, Optional<PluginId> plugin, Action action) {
        return AccessRules.decide(
                principal,
                namespace,
                plugin,
                action,
                findNamespace(namespace),
                subject(principal),
                clock.instant());
    }

    private Optional<NamespaceFacts> findNamespace(String namespace) {
        return namespaces.get(
                namespace, name -> database.read(tx -> tx.access().findNamespace(name)));
    }

    private SubjectFacts subject(Principal principal) {
        return switch (principal) {
            case Principal.Developer developer ->
                    accounts.get(
                            developer.account().id(),
                            id -> database.read(tx -> tx.access().ofAccount(id, clock.instant())));
            case Principal.Host host ->
                    hosts.get(
                            host.id(),
                            id -> database.read(tx -> tx.access().ofHost(id, clock.instant())));
            case Principal.Anonymous _, Principal.EndUser _, Principal.Edge _ ->
                    SubjectFacts.NOTHING;
        };
    }

    /** Throws {@link Rejection} when it is not allowed. */
    public void require(Principal principal, Resource resource, Action action) {
        Decision decision = authorize(principal, resource, action);
        if (!decision.allowed()) {
            throw Refusals.of(decision, principal, resource, action);
        }
    }

    /**
     * Throws {@link Rejection} when none of them is allowed, and {@code unknown} where the
     * namespace is nobody's or when the principal must not learn whose it is.
     */
    public void requireOneOf(
            Principal principal,
            Resource resource,
            List<Action> actions,
            Supplier<Rejection> unknown) {
        Decision first = authorize(principal, resource, actions.getFirst());
        boolean some =
                first.allowed()
                        || actions.stream()
                                .skip(1)
                                .anyMatch(
                                        action -> authorize(principal, resource, action).allowed());
        if (!some) {
            throw first.hides(actions.getFirst())
                    ? unknown.get()
                    : Refusals.of(first, principal, resource, actions.getFirst());
        }
    }

    /**
     * Throws {@link Rejection} unless it is an account by a credential that includes the action;
     * whether the account may is not asked.
     *
     * @param resource empty: on any
     */
    public void requireScope(Principal principal, Optional<Resource> resource, Action action) {
        Decision decision = AccessRules.includes(principal, resource, action);
        if (!decision.allowed()) {
            throw Refusals.of(
                    decision, principal, resource.orElseGet(Resource.Registry::new), action);
        }
    }

    /**
     * Throws {@link Rejection} when {@code principal} may not read it, and {@code unknown} when
     * they must not learn that it exists.
     *
     * @return whether the answer is for the caller alone
     */
    public boolean requireRead(
            Principal principal, Resource resource, Supplier<Rejection> unknown) {
        Decision decision = authorize(principal, resource, Action.RELEASE_READ);
        if (decision.allowed()) {
            return decision.secret();
        }
        throw decision.secret()
                ? unknown.get()
                : Refusals.of(decision, principal, resource, Action.RELEASE_READ);
    }

    /**
     * The same for the bytes of a release, which edges may have that give them only to those who
     * prove that they may read them.
     */
    public boolean requireArtifact(
            Principal principal, IndexedArtifact artifact, Supplier<Rejection> unknown) {
        boolean keeps = principal instanceof Principal.Edge(boolean may) && may;
        return keeps
                ? isPrivate(artifact.plugin().namespace())
                : requireRead(principal, new Resource.OfPlugin(artifact.plugin()), unknown);
    }

    /** Also when nobody has it. */
    private boolean isPrivate(String namespace) {
        return findNamespace(namespace).filter(facts -> !facts.secret()).isEmpty();
    }

    /** Whether {@code principal} may read the plugin and most others may not. */
    public boolean readsInPrivate(Principal principal, PluginId plugin) {
        Decision decision =
                authorize(principal, new Resource.OfPlugin(plugin), Action.RELEASE_READ);
        return decision.allowed() && decision.secret();
    }

    /**
     * Throws {@link Rejection} when {@code principal} may not read a plugin whose namespace is
     * known to be public; asks no index.
     */
    public void requirePublicRead(Principal principal, PluginId plugin) {
        Decision decision = AccessRules.readPublic(principal, plugin);
        if (!decision.allowed()) {
            throw Refusals.of(
                    decision, principal, new Resource.OfPlugin(plugin), Action.RELEASE_READ);
        }
    }

    /** Whether it may be read by {@code principal}. */
    public boolean mayRead(Principal principal, PluginId plugin) {
        return authorize(principal, new Resource.OfPlugin(plugin), Action.RELEASE_READ).allowed();
    }

    /**
     * The same as {@link #authorize} for an account by itself, from what the transaction sees:
     * where a decision of before may have been overtaken.
     */
    public Decision authorize(Transaction tx, Account account, PluginId plugin, Action action) {
        return authorize(
                tx, Principal.Developer.unlimited(account), new Resource.OfPlugin(plugin), action);
    }

    /** The same as {@link #authorize(Principal, Resource, Action)}, so. */
    public Decision authorize(
            Transaction tx, Principal.Developer developer, Resource resource, Action action) {
        SubjectFacts facts = tx.access().ofAccount(developer.account().id(), clock.instant());
        return switch (resource) {
            case Resource.OfPlugin(PluginId plugin) ->
                    decide(tx, developer, plugin.namespace(), Optional.of(plugin), action, facts);
            case Resource.OfNamespace(String namespace) ->
                    decide(tx, developer, namespace, Optional.empty(), action, facts);
            case Resource.Registry _, Resource.Self _, Resource.OfOrganization _ ->
                    AccessRules.decide(developer, resource, action, facts);
        };
    }

    private Decision decide(
            Transaction tx,
            Principal principal,
            String namespace,
            Optional<PluginId> plugin,
            Action action,
            SubjectFacts facts) {
        return AccessRules.decide(
                principal,
                namespace,
                plugin,
                action,
                tx.access().findNamespace(namespace),
                facts,
                clock.instant());
    }

    /** Throws {@link Rejection} when it is not allowed by what the transaction sees. */
    public void require(
            Transaction tx, Principal.Developer developer, Resource resource, Action action) {
        Decision decision = authorize(tx, developer, resource, action);
        if (!decision.allowed()) {
            throw Refusals.of(decision, developer, resource, action);
        }
    }

    /**
     * The same for who gives the right to others, of a namespace or a plugin: that anybody may read
     * what is public is nothing to give.
     */
    public void requireToGive(
            Transaction tx,
            Principal.Developer developer,
            String namespace,
            Optional<PluginId> plugin,
            Action action) {
        Decision decision =
                AccessRules.decide(
                        developer,
                        namespace,
                        plugin,
                        action,
                        tx.access().findNamespace(namespace).map(NamespaceFacts::inSecret),
                        tx.access().ofAccount(developer.account().id(), clock.instant()),
                        clock.instant());
        if (!decision.allowed()) {
            throw Refusals.of(
                    decision,
                    developer,
                    Resource.of(namespace, plugin.map(PluginId::name)),
                    action);
        }
    }
}
