package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.SQLExceptionOverride;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

class StatementTimesIT {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

    private static TestPostgres server;

    @BeforeAll
    static void start() {
        server = TestPostgres.bundled();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aStatementIsNamedByTheMethodThatItStandsIn() {
        List<ExecutedStatement> executed = new CopyOnWriteArrayList<>();
        try (Database database = Database.open(server.newDatabase(), executed::add)) {
            for (int i = 0; i < 2; i++) {
                String name = "alice" + i;
                database.inTransaction(tx -> tx.accounts().insert(name, false, NOW));
                database.read(tx -> tx.accounts().count());
            }
        }

        assertThat(executed)
                .extracting(ExecutedStatement::name)
                .containsExactly(
                        "AccountStore.insert",
                        "AccountStore.count",
                        "AccountStore.insert",
                        "AccountStore.count");
        assertThat(executed).allMatch(statement -> statement.nanos() > 0 && !statement.failed());
    }

    @Test
    void whatRunsLongerThanTheLimitIsSlowAndWhatFailsIsToldToo() {
        List<ExecutedStatement> executed = new CopyOnWriteArrayList<>();
        StatementTimes everythingIsSlow = new StatementTimes(Duration.ZERO, executed::add);
        try (ConnectionPool pool =
                ConnectionPool.ofPrimary(server.newDatabase(), everythingIsSlow)) {
            assertThatExceptionOfType(DatabaseException.class)
                    .as("no schema there")
                    .isThrownBy(() -> pool.read(tx -> tx.accounts().count()));
        }

        assertThat(executed)
                .singleElement()
                .matches(
                        statement ->
                                statement.name().equals("AccountStore.count")
                                        && statement.slow()
                                        && statement.failed());
    }

    @Test
    void theObserverHearsOfWaitsForConnections() {
        List<String> heard = new CopyOnWriteArrayList<>();
        DatabaseObserver observer =
                new DatabaseObserver() {
                    @Override
                    public void executed(ExecutedStatement statement) {}

                    @Override
                    public void acquired(String name, long nanos) {
                        heard.add(name + " acquired");
                    }

                    @Override
                    public void timedOut(String name) {
                        heard.add(name + " timed out");
                    }
                };
        DatabaseConfig config = TestPostgres.config(server.newDatabase().url(), 1);
        try (Database database = Database.open(config, observer)) {
            heard.clear();
            database.read(
                    _ ->
                            assertThatThrownBy(() -> onAnotherThread(database).join())
                                    .hasRootCauseInstanceOf(SQLTransientConnectionException.class));
        }

        assertThat(heard).contains("primary acquired", "primary timed out");
    }

    private static CompletableFuture<Long> onAnotherThread(Database database) {
        return CompletableFuture.supplyAsync(
                () -> database.read(tx -> tx.accounts().count()), Thread::startVirtualThread);
    }

    @Test
    void aFailureDoesNotTellTheValuesOfItsStatement() {
        StatementTimes times = new StatementTimes(Duration.ofSeconds(1), _ -> {});
        try (ConnectionPool pool = ConnectionPool.ofPrimary(server.newIndex(), times)) {
            insert(pool);

            assertThatExceptionOfType(DatabaseException.class)
                    .isThrownBy(() -> insert(pool))
                    .satisfies(
                            failed -> {
                                StringWriter text = new StringWriter();
                                failed.printStackTrace(new PrintWriter(text));
                                assertThat(text.toString())
                                        .contains("duplicate key")
                                        .doesNotContain("known-value");
                            });
        }
    }

    private static void insert(ConnectionPool pool) {
        int _ =
                pool.guarded(
                        handle ->
                                handle.createUpdate(
                                                """
                                                insert into accounts (name, administrator, created_at)
                                                values (:name, false, now())
                                                """)
                                        .bind("name", "known-value")
                                        .execute());
    }

    @Test
    void aConnectionToAServerThatIsReadOnlyIsDropped() {
        ReadOnlyServers rule = new ReadOnlyServers();

        assertThat(rule.adjudicate(new SQLException("read-only", "25006")))
                .isEqualTo(SQLExceptionOverride.Override.MUST_EVICT);
        assertThat(rule.adjudicate(new SQLException("duplicate", "23505")))
                .isEqualTo(SQLExceptionOverride.Override.CONTINUE_EVICT);
        assertThat(
                        new DatabaseException("no", new SQLException("read-only", "25006"))
                                .isUnavailable())
                .isTrue();
    }
}
