package dev.modunest.standalone;

import dev.modunest.db.Account;
import dev.modunest.db.Database;
import dev.modunest.db.DatabaseConfig;
import dev.modunest.db.OutboxListener;
import dev.modunest.db.identity.NewSession;
import dev.modunest.format.PluginId;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.ApiToken;
import dev.modunest.server.auth.AuthConfig;
import dev.modunest.server.auth.Credentials;
import dev.modunest.server.auth.EdgeToken;
import dev.modunest.server.auth.LastUse;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.password.Sealer;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.serial.CacheLease;
import dev.modunest.server.serial.SerialConfig;
import dev.modunest.server.serial.SerialFollower;
import dev.modunest.server.serial.SerialLog;
import dev.modunest.server.token.AccessClaims;
import dev.modunest.server.token.AccessTokens;
import dev.modunest.server.token.SigningKeys;
import dev.modunest.server.token.TokenConfig;
import dev.modunest.settings.Secret;
import dev.modunest.settings.Settings;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Times the check of credentials that are remembered and the decision on a plugin, as every request
 * has them, on an embedded Postgres. Fails when one call in a hundred takes 50 microseconds or
 * more. After {@code mvn package}, from the root: {@code java -cp 'standalone/target/dist/lib/*'
 * standalone/src/jmh/java/dev/modunest/standalone/TokenCheckBenchmark.java [developers] [rounds]}.
 */
final class TokenCheckBenchmark {

    private static final InstantSource CLOCK = InstantSource.system();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration BEGIN_AT_MOST = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final int CALLS = 100_000;
    private static final double TARGET_MICROS = 50;
    private static final List<String> SCOPES = List.of("release.publish:*", "release.read:*");

    private final Database database;
    private final AccessTokens tokens;
    private final PluginAuthService auth;
    private boolean slow;
    private int checksum;

    /** An account with a credential of either kind and a namespace of its own. */
    private record Developer(String apiToken, String accessToken, PluginId plugin) {}

    private TokenCheckBenchmark(Database database, AccessTokens tokens, PluginAuthService auth) {
        this.database = database;
        this.tokens = tokens;
        this.auth = auth;
    }

    public static void main(String[] arguments) throws IOException {
        System.setProperty("logback.configurationFile", "dev/modunest/standalone/logback.xml");
        int developers = argument(arguments, 0, 1000);
        int rounds = argument(arguments, 1, 20);
        Path folder = Files.createTempDirectory("modunest-token-check");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            DatabaseConfig config =
                    Settings.read(
                            DatabaseConfig.class,
                            Optional.empty(),
                            Map.of(
                                    "MODUNEST_URL",
                                    postgres.getJdbcUrl("postgres", "postgres"),
                                    "MODUNEST_USER",
                                    "postgres",
                                    "MODUNEST_PASSWORD",
                                    "trusted"));
            boolean slow = run(config, folder.resolve("key"), developers, rounds);
            System.exit(slow ? 1 : 0);
        }
    }

    private static <T extends Record> T defaults(Class<T> type) {
        return Settings.read(type, Optional.empty(), Map.of());
    }

    /** Wired as the server does, with its lease on the caches held by following the outbox. */
    private static boolean run(DatabaseConfig config, Path keyFile, int developers, int rounds) {
        SerialConfig serial = defaults(SerialConfig.class);
        AuthConfig authConfig = defaults(AuthConfig.class);
        TokenConfig tokenConfig = defaults(TokenConfig.class);
        Jobs jobs = new Jobs(new Metrics(), CLOCK);
        CacheLease lease = new CacheLease(serial.lease(), System::nanoTime);
        try (Database database = Database.open(config);
                LastUse lastUse = new LastUse(authConfig, database, jobs, CLOCK);
                SerialLog serials = new SerialLog(serial, List.of())) {
            SigningKeys keys =
                    new SigningKeys(
                            database, tokenConfig, Sealer.readOrCreate(keyFile, RANDOM), CLOCK);
            AccessTokens tokens =
                    new AccessTokens(
                            keys, () -> URI.create("https://registry.example"), tokenConfig, CLOCK);
            EdgeToken edges =
                    new EdgeToken(Optional.of(new Secret("of-the-edges")), Optional.empty());
            PluginAuthService auth =
                    new PluginAuthService(
                            database, authConfig, lease, tokens, edges, lastUse, CLOCK);
            database.whenAccessChanged(auth::forget);
            try (SerialFollower _ =
                    new SerialFollower(
                            serial,
                            () -> OutboxListener.open(config, serial.check()),
                            database::raiseBar,
                            serials,
                            lease,
                            () -> {},
                            auth::forget,
                            jobs.watch("serial-follower", serial.check()))) {
                awaitLease(lease);
                return new TokenCheckBenchmark(database, tokens, auth).measure(developers, rounds);
            }
        }
    }

    /** Without it every check would read Postgres. */
    private static void awaitLease(CacheLease lease) {
        long end = System.nanoTime() + BEGIN_AT_MOST.toNanos();
        while (!lease.held()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("the lease on the caches is not held");
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private boolean measure(int count, int rounds) {
        List<Developer> developers = IntStream.range(0, count).mapToObj(this::make).toList();
        List<Principal> principals = new ArrayList<>();
        List<Resource> plugins = new ArrayList<>();
        developers.forEach(
                developer -> {
                    principals.add(auth.authenticateDeveloper(developer.accessToken()));
                    plugins.add(new Resource.OfPlugin(developer.plugin()));
                });
        requireAllowed(principals, plugins);
        time(
                "check of an API token",
                rounds,
                i ->
                        auth.authenticate(
                                new Credentials.Bearer(developers.get(i % count).apiToken())));
        time(
                "check of an access token",
                rounds,
                i ->
                        auth.authenticate(
                                new Credentials.Bearer(developers.get(i % count).accessToken())));
        time(
                "decision on reading a plugin",
                rounds,
                i ->
                        auth.authorize(
                                principals.get(i % count),
                                plugins.get(i * 7 % count),
                                Action.RELEASE_READ));
        time(
                "decision on publishing a plugin",
                rounds,
                i ->
                        auth.authorize(
                                principals.get(i % count),
                                plugins.get(i % count),
                                Action.RELEASE_PUBLISH));
        System.out.printf("of %d developers; checksum %d%n", count, checksum);
        return slow;
    }

    /** A refusal is decided sooner. */
    private void requireAllowed(List<Principal> principals, List<Resource> plugins) {
        for (int i = 0; i < principals.size(); i++) {
            auth.require(principals.get(i), plugins.get(i), Action.RELEASE_PUBLISH);
        }
    }

    private Developer make(int number) {
        Instant now = CLOCK.instant();
        String name = "developer-" + number;
        ApiToken apiToken = ApiToken.create(RANDOM);
        UUID session = UUID.randomUUID();
        return database.inTransaction(
                tx -> {
                    Account account = tx.accounts().insert(name, false, now).orElseThrow();
                    long _ =
                            tx.tokens()
                                    .insert(
                                            account.id(),
                                            apiToken.sha256Hex(),
                                            "benchmark",
                                            SCOPES,
                                            Optional.empty(),
                                            now);
                    tx.sessions()
                            .insert(
                                    new NewSession(
                                            session,
                                            account.id(),
                                            "device",
                                            Optional.empty(),
                                            SCOPES,
                                            "benchmark",
                                            "password",
                                            Optional.empty(),
                                            now,
                                            now,
                                            now.plus(LIFETIME)));
                    if (!tx.namespaces().claim(name, account.id(), now)) {
                        throw new IllegalStateException(name + " is taken");
                    }
                    return new Developer(
                            apiToken.text(),
                            tokens.issue(claims(name, session, now)),
                            PluginId.parse(name + "/tool"));
                });
    }

    private AccessClaims claims(String name, UUID session, Instant now) {
        return new AccessClaims(
                "account:" + name,
                List.of(tokens.audience()),
                "benchmark",
                SCOPES,
                Optional.of(session),
                Optional.of(now),
                now.plus(LIFETIME));
    }

    /** The first half of the rounds warms up; the figures are of all calls of the other half. */
    private void time(String what, int rounds, IntFunction<Object> call) {
        int measured = Math.max(1, rounds / 2);
        long[] nanos = new long[measured * CALLS];
        for (int round = -measured; round < measured; round++) {
            for (int i = 0; i < CALLS; i++) {
                long begin = System.nanoTime();
                Object answer = call.apply(i);
                long took = System.nanoTime() - begin;
                checksum += answer.hashCode();
                if (round >= 0) {
                    nanos[round * CALLS + i] = took;
                }
            }
        }
        double mean = Arrays.stream(nanos).average().orElseThrow() / 1e3;
        Arrays.sort(nanos);
        double p99 = nanos[nanos.length / 100 * 99] / 1e3;
        slow |= p99 >= TARGET_MICROS;
        System.out.printf(
                "%-32s mean %6.2f  p50 %6.2f  p99 %6.2f  p99.9 %6.2f microseconds, %d calls%n",
                what,
                mean,
                nanos[nanos.length / 2] / 1e3,
                p99,
                nanos[nanos.length / 1000 * 999] / 1e3,
                nanos.length);
    }

    private static int argument(String[] arguments, int at, int otherwise) {
        return arguments.length > at ? Integer.parseInt(arguments[at]) : otherwise;
    }
}
