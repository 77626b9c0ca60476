package dev.modunest.server;

import static dev.modunest.server.TestRegistry.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * POST /api/v1/downloads, GET /api/v1/plugins/{namespace}/{name}/downloads, and what is counted.
 */
class DownloadCountIT {

    private static final String TOKEN = "a-secret-of-both-sides";

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_DOWNLOADS_TOKEN",
                                TOKEN,
                                "MODUNEST_DOWNLOADS_FLUSH",
                                "20ms",
                                "MODUNEST_DOWNLOADS_MAX_BODY",
                                "8KiB"));
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void aDownloadIsAGetThatHasTheFirstByte() {
        byte[] jar = registry.published("count/own@1.0.0");
        String path = registry.artifactPath(jar);
        registry.get(path);
        registry.get("/artifacts/count/own/1.0.0/own-1.0.0.jar");
        registry.get(path, "Range", "bytes=0-9");
        registry.get(path, "Range", "bytes=10-19");
        registry.get(path, "If-None-Match", Digest.ofBytes(jar).entityTag());
        registry.get(path, "Registry-Downloads-Counted", "edge");
        registry.head(path);
        awaitTold(
                "count/own",
                "\"total\":3",
                "{\"day\":\"" + today() + "\",\"total\":3,\"versions\":{\"1.0.0\":3}}");
        registry.get(path);
        awaitTold("count/own", "\"total\":4");
    }

    @Test
    void aReportCountsOnce() {
        byte[] jar = registry.published("count/reported@1.0.0");
        String report = report("edge-1", 7, today(), Digest.ofBytes(jar).toString(), 5);
        assertThat(text(post(report, TOKEN))).isEqualTo("{\"counted\":true,\"left_out\":0}");
        assertThat(text(post(report, TOKEN))).isEqualTo("{\"counted\":false,\"left_out\":0}");
        assertThat(told("count/reported")).contains("\"total\":5");
        post(report("edge-1", 8, today(), Digest.ofBytes(jar).toString(), 2), TOKEN);
        assertThat(told("count/reported")).contains("\"versions\":{\"1.0.0\":7}");
    }

    @Test
    void countsOfFarDaysAreLeftOut() {
        byte[] jar = registry.published("count/far@1.0.0");
        for (String day : new String[] {"2020-01-01", "2099-01-01"}) {
            assertThat(
                            text(
                                    post(
                                            report(
                                                    "far-" + day,
                                                    1,
                                                    day,
                                                    Digest.ofBytes(jar).toString(),
                                                    1),
                                            TOKEN)))
                    .contains("\"left_out\":1");
        }
        assertThat(told("count/far")).contains("\"total\":0,\"days\":[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "Bearer another-secret-of-both", "Basic " + TOKEN})
    void whoHasAnotherTokenDoesNotReport(String authorization) {
        HttpRequest.Builder request =
                registry.request("/api/v1/downloads")
                        .header("Authorization", authorization)
                        .POST(HttpRequest.BodyPublishers.ofString("{}"));
        HttpResponse<byte[]> refused = registry.send(request);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer realm=\"modunest\"");
    }

    @Test
    void onlyEdgesReport() {
        assertProblem(
                registry.post("/api/v1/downloads", "{}"),
                403,
                "downloads-refused",
                "downloads.token");
        HttpRequest.Builder ofAdministrator =
                registry.request("/api/v1/downloads")
                        .header("Authorization", "Bearer " + registry.token())
                        .POST(HttpRequest.BodyPublishers.ofString("{}"));
        assertProblem(registry.send(ofAdministrator), 403, "downloads-refused", "downloads.token");
    }

    @Test
    void withoutATokenNobodyReports() {
        try (TestRegistry other = TestRegistry.start()) {
            HttpRequest.Builder request =
                    other.request("/api/v1/downloads")
                            .header("Authorization", "Bearer " + TOKEN)
                            .POST(HttpRequest.BodyPublishers.ofString("{}"));
            assertProblem(other.send(request), 401, "token-unknown", "downloads.token");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "{}",
                "{\"source\":\"a b\",\"sequence\":1}",
                "{\"source\":\"a\",\"sequence\":0}",
                "{\"source\":\"a\",\"sequence\":\"x\"}",
                "[]",
                "{\"source\":\"a\",\"sequence\":1}",
                "{\"source\":\"a\",\"sequence\":1,\"days\":[1,2]}",
                "{\"source\":\"a\",\"sequence\":1,\"days\":{\"2026-11-01\":[1]}}",
                "{\"source\":\"a\",\"sequence\":1,\"days\":{\"today\":{}}}",
                "{\"source\":\"a\",\"sequence\":1,\"days\":{\"2026-11-01\":{\"x\":1}}}",
                "{\"source\":\"a\",\"sequence\":1,\"days\":{\"2026-11-01\":{\"sha256:0000000000000000000000000000000000000000000000000000000000000000\":0}}}",
            })
    void aReportThatCannotBeReadIsRefused(String report) {
        assertProblem(post(report, TOKEN), 400, "downloads-invalid", "/openapi.yaml");
    }

    @Test
    void aReportIsBounded() {
        assertProblem(post(" ".repeat(10_000), TOKEN), 413, "body-too-large", "downloads.max_body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?from=x",
                "?to=2026-13-01",
                "?to=-999999999-01-01",
                "?to=1969-12-31",
                "?from=%2B100000-01-01&to=%2B100000-01-02",
                "?from=2026-01-02&to=2026-01-01",
                "?from=2020-01-01&to=2026-01-01"
            })
    void daysThatMakeNoSenseAreRefused(String query) {
        registry.publish("count/days@1.0.0", TestJars.library("count/days@1.0.0"));
        assertProblem(
                registry.get("/api/v1/plugins/count/days/downloads" + query),
                400,
                "parameter-invalid",
                "");
    }

    @Test
    void daysWithTooManyVersionsAreToldWithoutThem() {
        registry.published("count/many@1.0.0");
        registry.execute(
                """
                insert into releases (plugin_id, version, digest, size, manifest, publisher_account_id, published_at)
                select r.plugin_id, '2.0.' || i, encode(sha256(('many ' || i)::bytea), 'hex'), 1, r.manifest,
                       r.publisher_account_id, r.published_at
                from releases r join plugins p on p.id = r.plugin_id, generate_series(1, 1000) i
                where p.namespace = 'count' and p.name = 'many';
                insert into downloads (day, plugin_id, release_id, count)
                select (now() at time zone 'UTC')::date - d, r.plugin_id, r.id, 2
                from releases r join plugins p on p.id = r.plugin_id, generate_series(0, 20) d
                where p.namespace = 'count' and p.name = 'many'
                """);
        assertThat(told("count/many"))
                .contains("\"total\":42042,", "{\"day\":\"" + today() + "\",\"total\":2002}")
                .doesNotContain("versions");
        assertThat(
                        text(
                                registry.get(
                                        "/api/v1/plugins/count/many/downloads?from="
                                                + today()
                                                + "&to="
                                                + today())))
                .contains("\"total\":2002,\"versions\":{\"1.0.0\":2,");
    }

    @Test
    void anUnknownPluginHasNoCounts() {
        assertProblem(
                registry.get("/api/v1/plugins/count/nothing/downloads"),
                404,
                "plugin-unknown",
                "count/nothing");
    }

    @Test
    void whatIsCountedWhenTheServerStopsIsInTheIndex() {
        try (TestRegistry other = TestRegistry.start(Map.of("MODUNEST_DOWNLOADS_FLUSH", "1h"))) {
            byte[] jar = other.published("count/stop@1.0.0");
            other.get(other.artifactPath(jar));
            assertThat(other.rows("downloads")).isZero();
            other.server().close();
            assertThat(other.rows("downloads")).isOne();
        }
    }

    @Test
    void countsWaitForTheIndex() {
        byte[] jar = registry.published("count/wait@1.0.0");
        registry.execute("alter table downloads rename to downloads_gone");
        registry.get(registry.artifactPath(jar));
        registry.execute("alter table downloads_gone rename to downloads");
        awaitTold("count/wait", "\"total\":1");
    }

    private static void awaitTold(String plugin, String... parts) {
        Awaiting.until(
                () -> {
                    String told = told(plugin);
                    return java.util.Arrays.stream(parts).allMatch(told::contains);
                });
        assertThat(told(plugin)).contains(parts);
    }

    private static String told(String plugin) {
        return text(registry.get("/api/v1/plugins/" + plugin + "/downloads"));
    }

    private static HttpResponse<byte[]> post(String report, String token) {
        return registry.send(
                registry.request("/api/v1/downloads")
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString(report)));
    }

    private static String report(
            String source, long sequence, String day, String digest, long count) {
        return """
        {"source": "%s", "sequence": %d, "days": {"%s": {"%s": %d}}}
        """
                .formatted(source, sequence, day, digest, count);
    }

    private static String today() {
        return LocalDate.now(ZoneOffset.UTC).toString();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
