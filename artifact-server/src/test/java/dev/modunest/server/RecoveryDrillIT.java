package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.modunest.db.TestPostgres;
import dev.modunest.format.Digest;
import dev.modunest.server.doctor.Difference;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The drill of docs/operations/backup.md: a registry loses its Postgres and gets it back by the
 * scripts that an operator uses.
 */
class RecoveryDrillIT {

    enum Server {
        BUNDLED,
        OLDEST;

        private TestPostgres postgres() {
            return switch (this) {
                case BUNDLED -> TestPostgres.bundled();
                case OLDEST -> TestPostgres.oldest();
            };
        }

        RecoveryDrill start() {
            // Starting it unpacks the programs.
            try (TestPostgres unpacked = postgres()) {
                return RecoveryDrill.on(BackedUpCluster.start(unpacked.cluster().binaries()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingAcknowledgedIsLostWithTheDataDirectory(Server server) throws Exception {
        try (RecoveryDrill drill = server.start()) {
            drill.publish("acme/early@1.0.0");
            drill.publish("acme/early@1.1.0");
            drill.cluster().backUp();
            drill.publish("acme/later@1.0.0");
            drill.yank("acme/early@1.1.0", "loses data");
            drill.cluster().archive();
            drill.publishUntilTheCrash(25);

            Path wal = drill.cluster().lose();
            assertThat(drill.cluster().restore("--wal-from", wal.toString()))
                    .containsPattern("restore: [1-9]\\d* WAL files of " + wal);
            drill.restartRegistry();

            drill.assertNothingAcknowledgedIsMissing();
            assertThat(drill.document("acme/early@1.1.0")).contains("\"yanked\"", "loses data");
            drill.assertStorageAgrees();
            drill.publish("acme/later@1.1.0");
            drill.assertNothingAcknowledgedIsMissing();
            drill.assertStorageAgrees();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingAcknowledgedIsLostWithTheMachineWhenAReceiverConfirms(Server server)
            throws Exception {
        try (RecoveryDrill drill = server.start()) {
            assumeThat(drill.cluster().canReceive()).as("pg_receivewal is installed").isTrue();
            drill.publish("acme/early@1.0.0");
            drill.cluster().backUp();
            Path received = drill.cluster().receive();
            drill.publishUntilTheCrash(25);

            drill.cluster().lose();
            drill.cluster().restore("--wal-from", received.toString());
            drill.restartRegistry();

            drill.assertNothingAcknowledgedIsMissing();
            drill.assertStorageAgrees();
            drill.publish("acme/later@1.0.0");
        }
    }

    @ParameterizedTest
    @CsvSource({"BUNDLED, --target-time", "OLDEST, --target-lsn"})
    void aRecoveryToAnEarlierPointUndoesWhatCameAfterIt(Server server, String target)
            throws Exception {
        try (RecoveryDrill drill = server.start()) {
            drill.cluster().backUp();
            drill.publish("acme/early@1.0.0");
            String point = point(drill.cluster(), target);
            Digest later = drill.publish("acme/later@1.0.0");
            String told = drill.registry().texts("select value from registry_serial").getFirst();
            drill.cluster().archive();
            drill.cluster().crash();

            drill.cluster().lose();
            drill.cluster().restore(target, point);
            drill.registry().execute("update registry_serial set value = value + 1000000");
            drill.restartRegistry();

            assertThat(drill.status("acme/early@1.0.0")).isEqualTo(200);
            assertThat(drill.status("acme/later@1.0.0")).isEqualTo(404);
            assertThat(drill.differences())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Difference.Orphan.class,
                            orphan -> assertThat(orphan.digest()).isEqualTo(later));
            assertThat(firstEvent(drill.registry(), told)).isEqualTo("event: reset");

            // The bytes that stayed take their version again, and are no orphan any more.
            drill.publish("acme/later@1.0.0", drill.stored(later));
            drill.assertNothingAcknowledgedIsMissing();
            assertThat(drill.differences()).isEmpty();

            // From the same base backup, over the change of timelines.
            drill.publish("acme/last@1.0.0");
            drill.cluster().crash();
            Path wal = drill.cluster().lose();
            drill.cluster().restore("--wal-from", wal.toString());
            drill.restartRegistry();
            drill.assertNothingAcknowledgedIsMissing();
            assertThat(drill.differences()).isEmpty();
        }
    }

    private static String point(BackedUpCluster cluster, String target) {
        return cluster.ask(
                target.equals("--target-lsn")
                        ? "select pg_current_wal_insert_lsn()"
                        : "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
    }

    /** What a client is told first that has seen {@code serial}. */
    private static String firstEvent(TestRegistry registry, String serial) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient();
                InputStream body =
                        http.send(
                                        registry.request("/api/v1/events?since=" + serial).build(),
                                        HttpResponse.BodyHandlers.ofInputStream())
                                .body();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            return String.valueOf(lines.readLine());
        }
    }
}
