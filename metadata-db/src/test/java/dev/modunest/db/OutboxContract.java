package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** What the outbox and its listener promise on every supported server. */
abstract class OutboxContract {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Coordinate MARKDOWN = Coordinate.parse("acme/markdown@1.0.0");
    private static final Digest DIGEST = Digest.ofBytes("a".getBytes(StandardCharsets.UTF_8));

    private DatabaseConfig config;
    private Database database;
    private OutboxListener listener;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        config = server().newDatabase();
        database = Database.open(config);
        listener = OutboxListener.open(config, SOON);
    }

    @AfterEach
    void close() {
        listener.close();
        database.close();
    }

    private long append(String kind) {
        String json = "{\"coordinate\": \"%s\", \"digest\": \"%s\"}".formatted(MARKDOWN, DIGEST);
        return database.inTransaction(tx -> tx.outbox().append(kind, MARKDOWN.plugin(), json, NOW));
    }

    @Test
    void eventsAreReadInTheOrderOfTheirSerials() {
        assertThat(listener.after(0, 10).serial()).isZero();
        assertThat(append("release.published")).isEqualTo(1);
        assertThat(append("release.yanked")).isEqualTo(2);
        assertThat(append("release.unyanked")).isEqualTo(3);

        OutboxListener.Batch batch = listener.after(1, 1);

        assertThat(batch.serial()).isEqualTo(3);
        assertThat(batch.events())
                .containsExactly(
                        new OutboxEvent(
                                2,
                                "release.yanked",
                                MARKDOWN.plugin(),
                                Optional.of(MARKDOWN),
                                Optional.of(DIGEST),
                                NOW));
        assertThat(batch.position().isBefore(listener.after(3, 1).position())).isFalse();
        assertThat(listener.after(3, 10).events()).isEmpty();
    }

    @Test
    void anEventNeedsNeitherCoordinateNorDigest() {
        PluginId plugin = PluginId.parse("acme/other");
        database.inTransaction(tx -> tx.outbox().append("plugin.changed", plugin, "{}", NOW));

        assertThat(listener.after(0, 10).events())
                .containsExactly(
                        new OutboxEvent(
                                1,
                                "plugin.changed",
                                plugin,
                                Optional.empty(),
                                Optional.empty(),
                                NOW));
    }

    @Test
    void anEventEndsTheWait() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<OutboxListener.Batch> heard =
                    threads.submit(
                            () -> {
                                listener.await(LONG);
                                return listener.after(0, 10);
                            });
            append("release.published");
            assertThat(heard.get(20, TimeUnit.SECONDS).events()).hasSize(1);
        }
    }

    @Test
    void anEventBeforeTheWaitIsNotMissed() {
        append("release.published");
        listener.await(LONG);
        assertThat(listener.after(0, 10).events()).hasSize(1);
        listener.await(Duration.ofMillis(1));
        assertThat(listener.after(1, 10).events()).isEmpty();
    }

    @Test
    void publishesThatAreGivenUpEndTheWaitAndAreToldFromEvents() {
        append("release.published");
        assertThat(listener.await(LONG)).isEmpty();
        database.inTransaction(
                tx -> {
                    tx.publishes().giveUpLeases(List.of());
                    return true;
                });
        assertThat(listener.await(LONG)).containsExactly(OutboxListener.Signal.PUBLISHES_FREE);
    }

    @Test
    void aChangeOfAccessEndsTheWaitWhenItIsCommitted() {
        database.inTransaction(
                tx -> {
                    tx.accessChanged();
                    assertThat(listener.await(Duration.ofMillis(1))).isEmpty();
                    return true;
                });
        assertThat(listener.await(LONG)).containsExactly(OutboxListener.Signal.ACCESS_CHANGED);
    }

    @Test
    void aLostConnectionIsTold() {
        database.read(
                tx -> {
                    server().execute(
                                    "select pg_terminate_backend(pid) from pg_stat_activity"
                                            + " where application_name = 'modunest-listener'");
                    return 1;
                });
        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(
                        () -> {
                            listener.await(LONG);
                            listener.after(0, 1);
                        })
                .matches(DatabaseException::isUnavailable);
    }

    @Test
    void whatIsRolledBackTakesNoSerial() {
        append("release.published");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(
                        () ->
                                database.inTransaction(
                                        tx -> {
                                            tx.outbox().append("x", MARKDOWN.plugin(), "{}", NOW);
                                            throw new IllegalStateException("no");
                                        }));
        assertThat(append("release.yanked")).isEqualTo(2);
    }

    @Test
    void concurrentWritersAreSeenInCommitOrderWithoutAGap() throws Exception {
        long writers = 4;
        int each = 50;
        CountDownLatch ready = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (long writer = 0; writer < writers; writer++) {
                running.add(
                        threads.submit(
                                () -> {
                                    ready.await();
                                    for (int i = 0; i < each; i++) {
                                        append("release.published");
                                    }
                                    return null;
                                }));
            }
            ready.countDown();
            List<Long> seen = new ArrayList<>();
            while (seen.size() < writers * each) {
                OutboxListener.Batch batch = listener.after(seen.size(), 7);
                batch.events().forEach(event -> seen.add(event.serial()));
                // What the serial number promised was there.
                assertThat(batch.events().size() == 7 || seen.size() >= batch.serial()).isTrue();
                listener.await(Duration.ofMillis(1));
            }
            assertThat(seen).isEqualTo(LongStream.rangeClosed(1, writers * each).boxed().toList());
            for (Future<?> one : running) {
                one.get();
            }
        }
    }
}
