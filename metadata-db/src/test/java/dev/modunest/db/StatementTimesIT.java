package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.SQLExceptionOverride;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
