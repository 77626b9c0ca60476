package dev.modunest.server;

import dev.modunest.db.Database;
import dev.modunest.db.OutboxListener;
import dev.modunest.server.access.AccessEndpoint;
import dev.modunest.server.access.GrantEndpoint;
import dev.modunest.server.account.AccountEndpoint;
import dev.modunest.server.account.Accounts;
import dev.modunest.server.account.AccountsEndpoint;
import dev.modunest.server.account.LeakedTokensEndpoint;
import dev.modunest.server.account.PasswordEndpoint;
import dev.modunest.server.account.TokensEndpoint;
import dev.modunest.server.admission.Parties;
import dev.modunest.server.admission.RateLimits;
import dev.modunest.server.announce.Announcements;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.server.artifact.Sweeper;
import dev.modunest.server.audit.AuditEndpoint;
import dev.modunest.server.auth.ApiToken;
import dev.modunest.server.auth.EdgeToken;
import dev.modunest.server.auth.FirstToken;
import dev.modunest.server.auth.LastUse;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.catalog.CatalogEndpoint;
import dev.modunest.server.catalog.IndexEndpoint;
import dev.modunest.server.connection.ConnectionConfig;
import dev.modunest.server.connection.GuardedConnections;
import dev.modunest.server.download.ArtifactLookup;
import dev.modunest.server.download.DownloadEndpoint;
import dev.modunest.server.download.DownloadFlush;
import dev.modunest.server.download.DownloadsEndpoint;
import dev.modunest.server.events.EventsEndpoint;
import dev.modunest.server.guard.Guard;
import dev.modunest.server.health.HealthEndpoint;
import dev.modunest.server.host.ClientCredentialsGrant;
import dev.modunest.server.host.Hosts;
import dev.modunest.server.housekeeping.Housekeeping;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.lifecycle.BytesRemover;
import dev.modunest.server.lifecycle.Lifecycle;
import dev.modunest.server.metrics.DatabaseMetrics;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.name.ReservedNames;
import dev.modunest.server.namespace.NamespaceEndpoint;
import dev.modunest.server.oauth.OAuthEndpoints;
import dev.modunest.server.oidc.OidcConfig;
import dev.modunest.server.oidc.RelyingParty;
import dev.modunest.server.organization.OrganizationEndpoint;
import dev.modunest.server.password.LocalAccounts;
import dev.modunest.server.password.PasswordPolicy;
import dev.modunest.server.password.Passwords;
import dev.modunest.server.password.Sealer;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.Periodic;
import dev.modunest.server.problem.AccessLog;
import dev.modunest.server.problem.ParserProblems;
import dev.modunest.server.problem.ProblemHandler;
import dev.modunest.server.problem.RequestFilter;
import dev.modunest.server.publish.Publishing;
import dev.modunest.server.ranking.Ranking;
import dev.modunest.server.resolve.ResolveEndpoint;
import dev.modunest.server.resolve.Solving;
import dev.modunest.server.serial.CacheLease;
import dev.modunest.server.serial.ReleaseCache;
import dev.modunest.server.serial.SerialFollower;
import dev.modunest.server.serial.SerialHeaders;
import dev.modunest.server.serial.SerialLog;
import dev.modunest.server.signin.SigningIn;
import dev.modunest.server.statistics.IndexStatistics;
import dev.modunest.server.token.AccessTokens;
import dev.modunest.server.token.ArtifactUrls;
import dev.modunest.server.token.SigningKeys;
import dev.modunest.server.tracing.BackendSpans;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.trusted.TrustedPublishers;
import dev.modunest.server.trusted.TrustedPublishingGrant;
import dev.modunest.telemetry.CertificateExpiry;
import dev.modunest.telemetry.Tracing;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A running origin: made here in the order in which its parts need each other, closed in reverse.
 */
public final class RegistryServer implements AutoCloseable {

    private static final Duration KEY_CHECK = Duration.ofMinutes(1);

    private final ServerConfig config;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Optional<ApiToken> firstToken;
    private final TrustDirectory trust;
    private final Routes routes;
    private final PluginAuthService auth;
    private final WebServer web;

    private RegistryServer(ServerConfig config) {
        this.config = config;
        InstantSource clock = InstantSource.system();
        try {
            this.trust = Attesting.open(config, clock);
            Metrics metrics = new Metrics();
            metrics.add(new CertificateExpiry(() -> trust.certificateEnds()));
            Tracing tracing = closing(Tracing.open(config.tracing(), "artifact-server"));
            BackendSpans spans = new BackendSpans(tracing);
            Jobs jobs = new Jobs(metrics, clock);
            // Each takes most of a second, so both open at the same time.
            CompletableFuture<ArtifactStore> storeOpening =
                    CompletableFuture.supplyAsync(
                            () -> openStore(metrics, spans), Thread.ofVirtual()::start);
            Database database = closing(openDatabase(storeOpening, metrics, spans));
            metrics.add(new DatabaseMetrics(database));
            ArtifactStore store = closing(opened(storeOpening));
            closing(new Ranking(config.ranking(), database, jobs, clock));
            closing(new Sweeper(store, database, config.sweep(), jobs, clock));
            closing(housekeeping(database, jobs, metrics, clock));
            closing(new IndexStatistics(config.statistics(), database, jobs, metrics, clock));
            closing(new BytesRemover(config.delete(), database, store, jobs, clock));
            this.firstToken =
                    FirstToken.makeIfNoAdministrator(
                            database, config.adminTokenFile(), clock.instant());
            Mutations mutations = new Mutations(database, config.idempotency(), clock);
            CacheLease lease = new CacheLease(config.serial().lease(), System::nanoTime);
            ReleaseCache releases =
                    new ReleaseCache(
                            config.indexCache(),
                            lease,
                            ids -> database.readStale(tx -> tx.releases().indexEntries(ids)));
            ArtifactLookup artifacts = new ArtifactLookup(config.download(), lease, database);
            Attesting attesting =
                    closing(new Attesting(config, trust, database, store, jobs, metrics, clock));
            SerialLog serials =
                    new SerialLog(
                            config.serial(), List.of(releases, artifacts, attesting.freshness()));
            measureSerial(metrics, serials, lease);
            metrics.gauge(
                    "modunest_index_cache_entries",
                    "Plugins whose releases are remembered.",
                    "cache",
                    () -> releases,
                    Map.<String, ToDoubleFunction<ReleaseCache>>of("all", ReleaseCache::size));
            Parties parties = new Parties(config.limits());
            RateLimits limits = new RateLimits(config.limits(), parties, System::nanoTime);
            SecureRandom random = new SecureRandom();
            Sealer sealer = Sealer.readOrCreate(config.tokens().keyFile(), random);
            SigningKeys keys = new SigningKeys(database, config.tokens(), sealer, clock);
            ArtifactUrls urls =
                    new ArtifactUrls(
                            database,
                            config.tokens(),
                            config.privateArtifacts().urlLifetime(),
                            sealer,
                            clock);
            closing(
                    jobs.start(
                            "signing-keys",
                            KEY_CHECK,
                            KEY_CHECK,
                            () -> {
                                keys.rotate();
                                urls.rotate();
                            }));
            AccessTokens tokens = new AccessTokens(keys, this::issuer, config.tokens(), clock);
            this.auth =
                    new PluginAuthService(
                            database,
                            config.auth(),
                            lease,
                            tokens,
                            new EdgeToken(
                                    config.downloads().token(),
                                    config.privateArtifacts().edgeToken()),
                            closing(new LastUse(config.auth(), database, jobs, clock)),
                            clock);
            database.whenAccessChanged(auth::forget);
            ReservedNames reserved = new ReservedNames(config.names().reserved());
            Passwords passwords = new Passwords(config.password(), random);
            PasswordPolicy policy = new PasswordPolicy(config.password());
            LocalAccounts locals =
                    new LocalAccounts(database, passwords, config.password(), sealer, clock);
            RelyingParty providers = closing(new RelyingParty(config.oidc(), clock, random));
            SigningIn signingIn =
                    new SigningIn(
                            config.signIn(),
                            config.tokens(),
                            database,
                            providers,
                            locals,
                            sealer,
                            tokens,
                            auth,
                            limits,
                            parties,
                            clock);
            Publishing publishing =
                    closing(
                            new Publishing(
                                    new Publishing.Config(
                                            config.upload(),
                                            config.archive(),
                                            config.publish(),
                                            config.names()),
                                    store,
                                    database,
                                    releases,
                                    auth,
                                    trust,
                                    attesting.attestor(),
                                    attesting.log(),
                                    attesting.acts(),
                                    mutations,
                                    serials,
                                    jobs,
                                    metrics,
                                    clock));
            HealthEndpoint health =
                    closing(
                            new HealthEndpoint(
                                    config.health(), database, store, jobs, metrics, clock));
            this.routes =
                    new Routes(
                            new Guard(auth, limits),
                            limits,
                            new SerialHeaders(config.serial(), serials),
                            new CatalogEndpoint(config.search(), database, auth, urls),
                            publishing,
                            new ResolveEndpoint(
                                    config.resolve(),
                                    parties,
                                    closing(new Solving(config.resolve(), metrics)),
                                    releases,
                                    auth,
                                    urls,
                                    clock),
                            new IndexEndpoint(releases),
                            new DownloadEndpoint(
                                    config.download(),
                                    store,
                                    artifacts,
                                    closing(
                                            new DownloadFlush(
                                                    config.downloads(),
                                                    database,
                                                    jobs,
                                                    metrics,
                                                    clock)),
                                    auth,
                                    urls,
                                    metrics),
                            new EventsEndpoint(
                                    config.serial(), serials, lease, parties, auth, metrics),
                            new DownloadsEndpoint(config.downloads(), database, clock),
                            new Lifecycle(
                                    config.change(),
                                    config.delete(),
                                    auth,
                                    mutations,
                                    serials,
                                    attesting.acts(),
                                    clock),
                            new NamespaceEndpoint(
                                    config.change(),
                                    config.namespaces(),
                                    reserved,
                                    organizationClaims(config.oidc()),
                                    database,
                                    auth,
                                    attesting.acts(),
                                    mutations,
                                    clock),
                            new GrantEndpoint(
                                    config.change(),
                                    config.grants(),
                                    database,
                                    auth,
                                    mutations,
                                    clock),
                            new AccessEndpoint(database, auth),
                            new OrganizationEndpoint(
                                    config.change(),
                                    config.organizations(),
                                    reserved,
                                    database,
                                    auth,
                                    mutations,
                                    clock),
                            new AuditEndpoint(database, clock),
                            new Accounts(
                                    new AccountEndpoint(database, mutations, clock),
                                    new TokensEndpoint(
                                            config.account(), database, mutations, clock),
                                    new PasswordEndpoint(
                                            config.account(),
                                            database,
                                            passwords,
                                            policy,
                                            locals,
                                            sealer,
                                            clock),
                                    new AccountsEndpoint(
                                            database, mutations, passwords, policy, clock),
                                    new LeakedTokensEndpoint(database, clock)),
                            signingIn,
                            new OAuthEndpoints(
                                    Stream.concat(
                                                    signingIn.grants().stream(),
                                                    Stream.of(
                                                            new ClientCredentialsGrant(
                                                                    database, tokens, clock),
                                                            new TrustedPublishingGrant(
                                                                    config.trusted(),
                                                                    providers,
                                                                    database,
                                                                    tokens,
                                                                    clock)))
                                            .toList(),
                                    keys,
                                    urls,
                                    tokens,
                                    auth,
                                    limits,
                                    parties,
                                    database,
                                    clock),
                            new Hosts(
                                    database,
                                    auth,
                                    mutations,
                                    this::issuer,
                                    limits,
                                    parties,
                                    clock),
                            new TrustedPublishers(
                                    config.trusted(),
                                    database,
                                    auth,
                                    publishing::checkName,
                                    attesting.acts(),
                                    mutations,
                                    clock),
                            attesting.endpoints(auth, mutations),
                            health,
                            new OperationsEndpoint(metrics));
            closing(
                    new SerialFollower(
                            config.serial(),
                            () -> OutboxListener.open(config.database(), config.serial().check()),
                            database::raiseBar,
                            serials,
                            lease,
                            signals(
                                    attesting,
                                    Map.of(
                                            OutboxListener.Signal.PUBLISHES_FREE,
                                            publishing::takeUp,
                                            OutboxListener.Signal.ACCESS_CHANGED,
                                            auth::forget)),
                            jobs.watch("serial-follower", config.serial().check())));
            GuardedConnections connections = closing(new GuardedConnections(config.connection()));
            RequestFilter filter =
                    new RequestFilter(
                            metrics::answered,
                            new AccessLog(config.accessLog(), parties::addressText),
                            tracing,
                            health::isLeaving);
            this.web = web(filter, connections);
            listen();
            parts.push(web::stop);
            // Event streams end before the web server waits for its requests to end.
            parts.push(serials);
            parts.push(publishing::endStreams);
            parts.push(() -> drain(health));
            // Edges leave before anything stops.
            Announcements.start(config.announce(), jobs).ifPresent(parts::push);
        } catch (RuntimeException failed) {
            closeAfter(failed);
            throw failed;
        }
    }

    /** Starts; throws with one sentence when Postgres, the storage or the port cannot be had. */
    public static RegistryServer start(ServerConfig config) {
        return new RegistryServer(config);
    }

    private ArtifactStore openStore(Metrics metrics, BackendSpans spans) {
        return ArtifactStore.open(
                config.s3(),
                (operation, outcome, nanos) -> {
                    metrics.storeCalled(operation, outcome.name().toLowerCase(Locale.ROOT), nanos);
                    spans.storeCall(operation, outcome, nanos);
                });
    }

    private Database openDatabase(
            CompletableFuture<ArtifactStore> storeOpening, Metrics metrics, BackendSpans spans) {
        try {
            return Database.open(config.database(), new ObservedDatabase(metrics, spans));
        } catch (RuntimeException failed) {
            CompletableFuture<Void> _ = storeOpening.thenAccept(ArtifactStore::close);
            throw failed;
        }
    }

    /** Until load balancers have seen that the server is not ready, requests still come. */
    private void drain(HealthEndpoint health) throws InterruptedException {
        health.leave();
        Thread.sleep(config.connection().drainDelay());
    }

    private static ArtifactStore opened(CompletableFuture<ArtifactStore> storeOpening) {
        try {
            return storeOpening.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof StoreException unusable ? unusable : failed;
        }
    }

    private <T extends AutoCloseable> T closing(T part) {
        parts.push(part);
        return part;
    }

    private Periodic housekeeping(
            Database database, Jobs jobs, Metrics metrics, InstantSource clock) {
        return new Housekeeping(
                        config.housekeeping(),
                        config.partitions(),
                        config.retention(),
                        database,
                        clock)
                .start(jobs, metrics);
    }

    /** By issuer the claim by which it vouches for organisations. */
    private static Map<String, String> organizationClaims(OidcConfig oidc) {
        Map<String, String> claims = new HashMap<>();
        oidc.providers()
                .values()
                .forEach(
                        provider ->
                                provider.organizationClaim()
                                        .ifPresent(
                                                claim ->
                                                        claims.put(
                                                                provider.issuer().toString(),
                                                                claim)));
        return claims;
    }

    private static void measureSerial(Metrics metrics, SerialLog serials, CacheLease lease) {
        metrics.gauge(
                "modunest_serial",
                "The serial number up to which the changes of the index are applied.",
                "state",
                () -> serials,
                Map.<String, ToDoubleFunction<SerialLog>>of("applied", SerialLog::applied));
        metrics.gauge(
                "modunest_cache_lease",
                "1 while every change is known to be heard and the caches are used, else 0.",
                "state",
                () -> lease,
                Map.<String, ToDoubleFunction<CacheLease>>of("held", now -> now.held() ? 1 : 0));
    }

    private static Map<OutboxListener.Signal, Runnable> signals(
            Attesting attesting, Map<OutboxListener.Signal, Runnable> others) {
        Map<OutboxListener.Signal, Runnable> signals = new EnumMap<>(others);
        signals.putAll(attesting.signals());
        return signals;
    }

    private WebServer web(RequestFilter filter, GuardedConnections connections) {
        ConnectionConfig bounds = config.connection();
        HttpRouting.Builder routing = HttpRouting.builder();
        routing.addFilter(filter);
        routing.error(Throwable.class, new ProblemHandler());
        routes.addTo(routing);
        return WebServer.builder()
                .host(config.listen().address())
                .port(config.listen().port())
                .backlog(bounds.backlog())
                .maxTcpConnections(bounds.max())
                // Without TCP_NODELAY answers wait for the delayed ACK of the client, 40 ms.
                .connectionOptions(socket -> socket.tcpNoDelay(true))
                .writeBufferSize(0)
                .shutdownHook(false)
                .shutdownGracePeriod(bounds.shutdownGrace())
                // Hands the parser's messages to ParserProblems, which chooses what is told.
                .errorHandling(handling -> handling.includeEntity(true))
                .addConnectionSelector(connections)
                .directHandlers(
                        ParserProblems.handlers(
                                bounds.maxHeaders().bytes(), bounds.maxRequestLine().bytes()))
                .routing(routing)
                .build();
    }

    /** The web server tells a port that it cannot have only by not running. */
    private void listen() {
        web.start();
        if (!web.isRunning()) {
            throw new IllegalStateException(
                    "cannot listen at "
                            + config.listen().address()
                            + ":"
                            + config.listen().port()
                            + "; is the port taken?");
        }
    }

    public int port() {
        return web.port();
    }

    /** Where the server answers, without a trailing slash. */
    public URI uri() {
        String address = config.listen().address();
        String host = address.contains(":") ? "[" + address + "]" : address;
        return URI.create("http://" + host + ":" + port());
    }

    /** What access tokens say they are from. */
    private URI issuer() {
        return config.tokens().issuer().orElseGet(this::uri);
    }

    TrustDirectory trust() {
        return trust;
    }

    Routes routes() {
        return routes;
    }

    PluginAuthService auth() {
        return auth;
    }

    /** The first administrator's token when this start made it; it is also in the token file. */
    public Optional<String> firstToken() {
        return firstToken.map(ApiToken::text);
    }

    /** Lets running requests end within the grace period, then closes everything. */
    @Override
    public void close() {
        RuntimeException failures = new IllegalStateException("parts of the server did not close");
        closeAfter(failures);
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }

    private void closeAfter(RuntimeException cause) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failed) {
                cause.addSuppressed(failed);
            }
        }
    }
}
