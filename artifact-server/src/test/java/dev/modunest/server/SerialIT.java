package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.resolve.ResolveJson;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Registry-Serial and Registry-Min-Serial, with two servers on one database. */
class SerialIT {

    private static final String CUT_LISTENERS =
            "select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where application_name = 'modunest-listener' and datname = current_database()";

    private static TestRegistry registry;
    private static RegistryServer second;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start(Map.of("MODUNEST_SERIAL_MAX_WAIT", "10s"));
        second = beside(Map.of("MODUNEST_SERIAL_MAX_WAIT", "10s"));
    }

    /** Another server on the same database and bucket. */
    private static RegistryServer beside(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(registry.environment());
        environment.putAll(settings);
        return RegistryServer.start(
                Settings.read(ServerConfig.class, Optional.empty(), environment));
    }

    @AfterAll
    static void stop() {
        second.close();
        registry.close();
    }

    private static String at(RegistryServer server, String path) {
        return URI.create(server.uri() + path).toString();
    }

    private static long newestSerial() {
        return registry.rows("outbox");
    }

    private static long serial(HttpResponse<byte[]> response) {
        return Long.parseLong(response.headers().firstValue("Registry-Serial").orElseThrow());
    }

    private static List<String> versions(HttpResponse<byte[]> index) {
        assertThat(index.statusCode()).isEqualTo(200);
        return ResolveJson.readIndex(new String(index.body(), StandardCharsets.UTF_8)).stream()
                .map(entry -> entry.coordinate().version().toString())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/plugins",
                "/api/v1/plugins/told/plugin",
                "/api/v1/plugins/told/plugin/1.0.0",
                "/index/told/plugin",
                "/index/told/none",
                "/artifacts/told/plugin/1.0.0/told-plugin-1.0.0.jar"
            })
    void everyReadTellsItsSerial(String path) {
        if (registry.get("/index/told/plugin").statusCode() == 404) {
            registry.published("told/plugin@1.0.0");
        }
        long now = newestSerial();

        HttpResponse<byte[]> response =
                registry.get(path, "Registry-Min-Serial", Long.toString(now));

        assertThat(serial(response)).isGreaterThanOrEqualTo(now);
    }

    @Test
    void aReadWithAMinimumSeesWhatAnotherServerPublished() {
        for (int i = 1; i <= 10; i++) {
            registry.published("seen/plugin@1.0." + i);
            String minimum = Long.toString(newestSerial());

            HttpResponse<byte[]> index =
                    registry.get(at(second, "/index/seen/plugin"), "Registry-Min-Serial", minimum);

            assertThat(versions(index)).contains("1.0." + i);
        }
    }

    @Test
    void withoutAMinimumAReadSeesItSoon() {
        registry.get(at(second, "/index/soon/plugin"));
        registry.published("soon/plugin@1.0.0");
        registry.get(at(second, "/index/soon/plugin"));
        registry.published("soon/plugin@1.0.1");

        Awaiting.until(
                () -> versions(registry.get(at(second, "/index/soon/plugin"))).contains("1.0.1"));
    }

    @Test
    void aSerialThatDoesNotComeIsAProblem() {
        try (RegistryServer impatient = beside(Map.of("MODUNEST_SERIAL_MAX_WAIT", "50ms"))) {
            HttpResponse<byte[]> response =
                    registry.get(
                            at(impatient, "/index/told/plugin"), "Registry-Min-Serial", "1000000");

            TestRegistry.assertProblem(
                    response, 503, "serial-not-reached", "try again in 1 second");
            assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "+1", "x", "1.0", "99999999999999999999"})
    void refusesAMinimumThatIsNoSerial(String value) {
        TestRegistry.assertProblem(
                registry.get("/api/v1/plugins", "Registry-Min-Serial", value),
                400,
                "parameter-invalid",
                "Registry-Min-Serial is a whole number");
    }

    @Test
    void nothingIsMissedWhileTheListenersAreCut() {
        registry.published("cut/plugin@1.0.0");
        for (int i = 1; i <= 8; i++) {
            registry.execute(CUT_LISTENERS);
            registry.published("cut/plugin@1.0." + i);
            String minimum = Long.toString(newestSerial());
            for (RegistryServer server : List.of(registry.server(), second)) {
                assertThat(
                                versions(
                                        registry.get(
                                                at(server, "/index/cut/plugin"),
                                                "Registry-Min-Serial",
                                                minimum)))
                        .contains("1.0." + i);
            }
        }
    }

    @Test
    void aServerThatStartsKnowsWhatWasBefore() {
        registry.published("before/plugin@1.0.0");
        String minimum = Long.toString(newestSerial());
        try (RegistryServer third = beside(Map.of())) {
            assertThat(
                            versions(
                                    registry.get(
                                            at(third, "/index/before/plugin"),
                                            "Registry-Min-Serial",
                                            minimum)))
                    .containsExactly("1.0.0");
        }
    }

    @Test
    void aDatabaseThatWentBackIsFollowedFromThere() {
        registry.published("back/plugin@1.0.0");
        long serial = newestSerial();
        registry.get("/index/back/plugin", "Registry-Min-Serial", Long.toString(serial));
        registry.execute(
                "begin; delete from outbox where serial = %d; update registry_serial set value = %d; commit"
                        .formatted(serial, serial - 1));
        registry.execute(CUT_LISTENERS);
        Awaiting.until(() -> serial(registry.get("/api/v1/plugins")) == serial - 1);
        Awaiting.until(() -> serial(registry.get(at(second, "/api/v1/plugins"))) == serial - 1);

        registry.published("back/plugin@1.0.1");

        assertThat(newestSerial()).isEqualTo(serial);
        assertThat(
                        versions(
                                registry.get(
                                        at(second, "/index/back/plugin"),
                                        "Registry-Min-Serial",
                                        Long.toString(serial))))
                .containsExactly("1.0.0", "1.0.1");
    }

    @Test
    void theMetricsTellHowFarItIs() {
        registry.published("measured/plugin@1.0.0");
        registry.get("/api/v1/plugins", "Registry-Min-Serial", Long.toString(newestSerial()));

        assertThat(new String(registry.get("/metrics").body(), StandardCharsets.UTF_8))
                .contains("modunest_serial{state=\"applied\",}")
                .contains("modunest_cache_lease{state=\"held\",} 1.0");
    }

    /** An index as it was read, and the serial number that came with it. */
    private record Sight(long serial, List<String> versions) {}

    @Test
    void noReadIsOlderThanTheSerialItTells() throws Exception {
        registry.published("race/plugin@0.0.0");
        ConcurrentLinkedQueue<Sight> sights = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 1; writer <= 4; writer++) {
                RegistryServer server = writer % 2 == 0 ? registry.server() : second;
                String line = writer + ".0.";
                writers.add(threads.submit(() -> publishLine(server, line)));
            }
            List<Future<?>> readers = new ArrayList<>();
            for (RegistryServer server : List.of(registry.server(), second)) {
                readers.add(threads.submit(() -> look(server, writers, sights)));
            }
            for (Future<?> one : writers) {
                one.get();
            }
            for (Future<?> one : readers) {
                one.get();
            }
        }
        Map<String, Long> serials = serialsOf("race/plugin");
        assertThat(sights).isNotEmpty();
        for (Sight sight : sights) {
            assertThat(sight.versions())
                    .as("at serial " + sight.serial())
                    .containsAll(
                            serials.entrySet().stream()
                                    .filter(entry -> entry.getValue() <= sight.serial())
                                    .map(Map.Entry::getKey)
                                    .toList());
        }
    }

    private static void publishLine(RegistryServer server, String line) {
        for (int i = 0; i < 10; i++) {
            String coordinate = "race/plugin@" + line + i;
            HttpResponse<byte[]> response =
                    registry.send(
                            java.net.http.HttpRequest.newBuilder(
                                            URI.create(
                                                    at(
                                                            server,
                                                            "/api/v1/plugins/race/plugin/"
                                                                    + line
                                                                    + i)))
                                    .header("Authorization", "Bearer " + registry.token())
                                    .PUT(
                                            java.net.http.HttpRequest.BodyPublishers.ofByteArray(
                                                    TestJars.library(coordinate))));
            assertThat(response.statusCode()).isEqualTo(201);
        }
    }

    private static void look(
            RegistryServer server, List<Future<?>> writers, ConcurrentLinkedQueue<Sight> sights) {
        boolean last = false;
        while (!last) {
            last = writers.stream().allMatch(Future::isDone);
            HttpResponse<byte[]> index = registry.get(at(server, "/index/race/plugin"));
            sights.add(new Sight(serial(index), versions(index)));
        }
    }

    private static Map<String, Long> serialsOf(String plugin) {
        return registry
                .texts(
                        "select (payload->>'version') || ' ' || serial from outbox where namespace || '/' || name = '"
                                + plugin
                                + "'")
                .stream()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(parts -> parts[0], parts -> Long.valueOf(parts[1])));
    }
}
