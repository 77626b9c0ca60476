package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What makes no sense is told so, and is never a failure of the server. */
class OddInputIT {

    private static final List<String> VALUES =
            List.of(
                    "%00",
                    "a%00b",
                    "%FF%FE",
                    "%ED%A0%80",
                    "%F0%9F%98%80",
                    "-1",
                    "0",
                    "9223372036854775807",
                    "9223372036854775808",
                    "1e9",
                    "%2B1",
                    "%D9%A1",
                    "-999999999-01-01",
                    "%2B100000-01-01",
                    "''",
                    "%25",
                    "%5C",
                    "%0A",
                    ":*",
                    "(((",
                    "null",
                    "AAAA",
                    "a".repeat(500));

    private static final List<String> PATHS =
            List.of(
                    "/api/v1/plugins?q=",
                    "/api/v1/plugins?category=",
                    "/api/v1/plugins?license=",
                    "/api/v1/plugins?namespace=",
                    "/api/v1/plugins?sort=",
                    "/api/v1/plugins?limit=",
                    "/api/v1/plugins?facets=",
                    "/api/v1/plugins?cursor=",
                    "/api/v1/plugins/",
                    "/api/v1/plugins/odd/",
                    "/api/v1/plugins/odd/one/",
                    "/api/v1/plugins/odd/one/downloads?from=",
                    "/api/v1/plugins/odd/one/downloads?to=",
                    "/api/v1/namespaces/",
                    "/api/v1/audit?subject=",
                    "/api/v1/audit?action=",
                    "/api/v1/audit?account=",
                    "/api/v1/audit?since=",
                    "/api/v1/audit?until=",
                    "/api/v1/audit/export?since=",
                    "/api/v1/audit?limit=",
                    "/api/v1/audit?cursor=",
                    "/api/v1/publishes/",
                    "/api/v1/publishes?limit=",
                    "/api/v1/publishes?cursor=",
                    "/index/odd/",
                    "/artifacts/sha256/",
                    "/artifacts/odd/one/1.0.0/");

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
        registry.published("odd/one@1.0.0");
        registry.published("odd/two@1.0.0");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    static Stream<String> paths() {
        return PATHS.stream();
    }

    @ParameterizedTest
    @MethodSource("paths")
    void anOddValueIsNoFailureOfTheServer(String path) {
        for (String value : VALUES) {
            HttpResponse<byte[]> response = asAdministrator(path + value);
            assertThat(response.statusCode()).as("%s%s", path, value).isLessThan(500);
        }
    }

    @ParameterizedTest
    @MethodSource("oddSince")
    void anOddSinceIsRefused(String since) {
        TestRegistry.assertProblem(
                registry.get("/api/v1/events?since=" + since),
                400,
                "parameter-invalid",
                "since is a whole number from 0 up");
    }

    static Stream<String> oddSince() {
        return Stream.of("%00", "-1", "9223372036854775808", "%2B1", "1e9", "");
    }

    @Test
    void aCursorWithAKeyThatWasMadeUpIsRefused() {
        for (String sort : List.of("relevance", "downloads", "updated", "newest", "name")) {
            String query = "/api/v1/plugins?q=odd&limit=1&sort=" + sort;
            String page = text(registry.get(query));
            Matcher next = Pattern.compile("cursor=([A-Za-z0-9_-]+)").matcher(page);
            assertThat(next.find()).as(page).isTrue();
            String[] parts =
                    new String(Base64.getUrlDecoder().decode(next.group(1)), StandardCharsets.UTF_8)
                            .split(" ", -1);
            for (String key :
                    List.of(
                            "x",
                            "\0",
                            "99999999999",
                            "+1000000000-12-31T23:59:59Z",
                            "-1000000000-01-01T00:00:00Z")) {
                for (String tier : List.of(parts[1], "-1", "77")) {
                    String cursor = String.join(" ", parts[0], tier, key, parts[3]);
                    HttpResponse<byte[]> response =
                            registry.get(
                                    query
                                            + "&cursor="
                                            + Base64.getUrlEncoder()
                                                    .encodeToString(
                                                            cursor.getBytes(
                                                                    StandardCharsets.UTF_8)));
                    assertThat(response.statusCode())
                            .as("%s %s: %s", sort, cursor, text(response))
                            .isLessThan(500);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("oddChanges")
    void anOddChangeIsNoFailureOfTheServer(String body) {
        for (String path : List.of("/api/v1/plugins/odd/one/1.0.0", "/api/v1/namespaces/odd")) {
            HttpResponse<byte[]> response =
                    registry.send(
                            registry.request(path)
                                    .header("Authorization", "Bearer " + registry.token())
                                    .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
            assertThat(response.statusCode()).as(text(response)).isLessThan(500);
        }
    }

    static Stream<String> oddChanges() {
        return Stream.of(
                "",
                "null",
                "[]",
                "{\"yanked\":[]}",
                "{\"yanked\":{\"reason\":\"a\\u0000b\"}}",
                "{\"deprecated\":{\"reason\":\"\\ud800\"}}",
                "{\"deprecated\":{\"reason\":\"x\",\"replacement\":\"\\u0000/\"}}",
                "{\"verified\":\"\\u0000\"}");
    }

    @ParameterizedTest
    @MethodSource("oddRequirements")
    void anOddResolveIsNoFailureOfTheServer(String body) {
        for (String path : List.of("/api/v1/resolve", "/api/v1/resolve/verify")) {
            HttpResponse<byte[]> response = registry.post(path, body);
            assertThat(response.statusCode()).as(text(response)).isLessThan(500);
        }
    }

    static Stream<String> oddRequirements() {
        return Stream.of(
                "",
                "null",
                "[]",
                "{\"requirements\":{}}",
                "{\"requirements\":[1]}",
                "{\"requirements\":[{\"plugin\":\"\\u0000/a\",\"range\":\"*\"}]}",
                "{\"requirements\":[{\"plugin\":\"odd/one\",\"range\":\"\\u0000\"}]}");
    }

    @Test
    void aManifestWithANulIsNoFailureOfTheServer() {
        HttpResponse<byte[]> response =
                registry.publish(
                        "odd/nul@1.0.0",
                        TestJars.jar(
                                """
                                {"manifest_version": 1, "namespace": "odd", "name": "nul", "version": "1.0.0",
                                 "kind": "library", "title": "a\\u0000b", "description": "\\u0000",
                                 "license": "\\u0000", "categories": ["\\u0000"], "other": "\\u0000"}
                                """,
                                java.util.Map.of()));
        assertThat(response.statusCode()).as(text(response)).isLessThan(500);
    }

    private static HttpResponse<byte[]> asAdministrator(String path) {
        return registry.get(path, "Authorization", "Bearer " + registry.token());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
