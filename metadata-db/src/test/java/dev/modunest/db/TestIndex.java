package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.format.PluginId;
import dev.modunest.format.trust.TrustLevel;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An empty index of its own, and short ways to fill it. */
final class TestIndex implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-01T10:00:00.123456Z");

    private final Database database;
    private final DatabaseConfig config;

    TestIndex(TestPostgres server) {
        this.config = server.newIndex();
        this.database = Database.open(config);
    }

    DatabaseConfig config() {
        return config;
    }

    Database database() {
        return database;
    }

    /** The account that owns the namespace, which is made when it is missing. */
    long owner(String namespace) {
        return database.inTransaction(
                tx -> {
                    Optional<Namespace> known = tx.namespaces().find(namespace);
                    if (known.isPresent()) {
                        return known.get().ownerAccountId().orElseThrow();
                    }
                    long id = tx.accounts().insert(namespace, false, NOW).orElseThrow().id();
                    boolean _ = tx.namespaces().claim(namespace, id, NOW);
                    return id;
                });
    }

    void publish(String coordinate) {
        publish(coordinate, "{}", NOW);
    }

    /** Publishes a release whose plugin the JSON of {@code manifest} describes. */
    void publish(String coordinate, String manifest, Instant at) {
        Coordinate release = Coordinate.parse(coordinate);
        long owner = owner(release.plugin().namespace());
        database.inTransaction(
                tx ->
                        tx.releases()
                                .insert(
                                        new NewRelease(
                                                manifest(release),
                                                manifest,
                                                Digest.ofBytes(
                                                        coordinate.getBytes(
                                                                StandardCharsets.UTF_8)),
                                                7,
                                                TrustLevel.PS_L1,
                                                owner,
                                                at)));
    }

    private static Manifest manifest(Coordinate release) {
        return new Manifest(
                release,
                Manifest.Kind.LIBRARY,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Changes columns of a release, {@code "yanked_reason = 'broken'"}, and refreshes its plugin.
     */
    void change(String coordinate, String columns) {
        Coordinate release = Coordinate.parse(coordinate);
        execute(
                "update releases r set "
                        + columns
                        + " from plugins p where p.id = r.plugin_id and p.namespace = '"
                        + release.plugin().namespace()
                        + "' and p.name = '"
                        + release.plugin().name()
                        + "' and r.version = '"
                        + release.version()
                        + "'");
        database.inTransaction(
                tx -> {
                    tx.plugins().refresh(release.plugin(), NOW);
                    return true;
                });
    }

    PluginRecord plugin(String id) {
        return database.<Optional<PluginRecord>>read(tx -> tx.plugins().find(PluginId.parse(id)))
                .orElseThrow();
    }

    void execute(String sql) {
        TestPostgres.execute(config, sql);
    }

    /** The one number that {@code sql} answers. */
    long count(String sql) {
        return TestPostgres.count(config, sql);
    }

    @Override
    public void close() {
        database.close();
    }
}
