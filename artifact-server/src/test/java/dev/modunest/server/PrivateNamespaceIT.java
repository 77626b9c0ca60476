package dev.modunest.server;

import static dev.modunest.server.TestRegistry.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Digest;
import dev.modunest.format.http.Problem;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Who does not belong to a private namespace gets the answers of one that is not there. */
class PrivateNamespaceIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestRegistry registry;
    private static String alice;
    private static String bob;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
        alice = registry.newAccount("alice");
        bob = registry.newAccount("bob");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static JsonNode ok(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static byte[] publish(String coordinate) {
        byte[] jar = TestJars.library(coordinate);
        assertThat(registry.publishAs(alice, coordinate, jar).statusCode()).isEqualTo(201);
        return jar;
    }

    private static HttpResponse<byte[]> hide(String namespace, boolean hidden) {
        return registry.call(
                alice, "PATCH", "/api/v1/namespaces/" + namespace, "{\"private\": " + hidden + "}");
    }

    private static HttpResponse<byte[]> get(String path, String token) {
        return token.isEmpty()
                ? registry.get(path)
                : registry.get(path, "Authorization", "Bearer " + token);
    }

    /** Everything of an answer that tells one thing from another. */
    private static String telling(HttpResponse<byte[]> response, String name) {
        Problem problem = Problem.read(response.body()).orElseThrow();
        return (response.statusCode()
                        + " "
                        + problem.code()
                        + " "
                        + problem.detail()
                        + " "
                        + response.headers().map().keySet().stream().sorted().toList())
                .replace(name, "NAME");
    }

    @Test
    void nothingTellsAPrivateNamespaceFromNone() throws IOException {
        publish("veiled/tool@1.0.0");
        ok(hide("veiled", true));
        List<String> paths =
                List.of(
                        "/api/v1/namespaces/NAME",
                        "/api/v1/plugins/NAME/tool",
                        "/api/v1/plugins/NAME/tool/1.0.0",
                        "/api/v1/plugins/NAME/tool/downloads",
                        "/index/NAME/tool",
                        "/artifacts/NAME/tool/1.0.0/tool-1.0.0.jar",
                        "/artifacts/NAME/tool/1.0.0/other.jar");
        String scoped = registry.newToken("bob", "release.yank:*");
        for (String path : paths) {
            for (String token : List.of("", bob, scoped)) {
                assertThat(telling(get(path.replace("NAME", "veiled"), token), "veiled"))
                        .as(path)
                        .startsWith("404")
                        .isEqualTo(telling(get(path.replace("NAME", "absent"), token), "absent"));
            }
        }
        for (String request :
                List.of(
                        "PATCH /api/v1/namespaces/NAME {\"private\":false}",
                        "PATCH /api/v1/namespaces/NAME nonsense",
                        "GET /api/v1/namespaces/NAME/grants ",
                        "POST /api/v1/namespaces/NAME/transfer {}",
                        "POST /api/v1/namespaces/NAME/transfer/accept ",
                        "POST /api/v1/namespaces/NAME/verification {}",
                        "PATCH /api/v1/plugins/NAME/tool/1.0.0 {\"yanked\":null}",
                        "PATCH /api/v1/plugins/NAME/tool/1.0.0 nonsense",
                        "DELETE /api/v1/plugins/NAME/tool/1.0.0?reason=x ")) {
            for (String token : List.of(bob, scoped)) {
                String[] parts = request.split(" ", 3);
                assertThat(
                                telling(
                                        registry.call(
                                                token,
                                                parts[0],
                                                parts[1].replace("NAME", "veiled"),
                                                parts[2]),
                                        "veiled"))
                        .as(request)
                        .isEqualTo(
                                telling(
                                        registry.call(
                                                token,
                                                parts[0],
                                                parts[1].replace("NAME", "absent"),
                                                parts[2]),
                                        "absent"));
            }
        }
    }

    @Test
    void whoMayReadItDoesAndNobodyKeepsTheAnswer() throws IOException {
        byte[] jar = publish("shaded/tool@1.0.0");
        ok(hide("shaded", true));
        for (String path :
                List.of(
                        "/api/v1/namespaces/shaded",
                        "/api/v1/plugins/shaded/tool",
                        "/index/shaded/tool",
                        "/api/v1/plugins?namespace=shaded",
                        registry.artifactPath(jar))) {
            HttpResponse<byte[]> response = get(path, alice);
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            assertThat(response.headers().firstValue("Cache-Control"))
                    .as(path)
                    .hasValue("private, no-cache");
            assertThat(response.headers().firstValue("Vary"))
                    .as(path)
                    .hasValue("Authorization, Cookie");
        }
        assertThat(get(registry.artifactPath(jar), bob).statusCode()).isEqualTo(404);
        assertThat(get(registry.artifactPath(jar), "").statusCode()).isEqualTo(404);
        assertThat(
                        registry.call(
                                        alice,
                                        "POST",
                                        "/api/v1/namespaces/shaded/grants",
                                        "{\"to\": {\"account\": \"bob\"}, \"role\": \"reader\"}")
                                .statusCode())
                .isEqualTo(201);
        assertThat(get(registry.artifactPath(jar), bob).body()).isEqualTo(jar);
    }

    @Test
    void itsPluginsLeaveTheListsAndComeBack() throws IOException {
        publish("listed/tool@1.0.0");
        publish("listed/other@1.0.0");
        String search = "/api/v1/plugins?namespace=listed&facets=true";
        assertThat(ok(registry.get(search)).path("plugins")).hasSize(2);
        HttpResponse<byte[]> hidden = hide("listed", true);
        assertThat(hidden.headers().firstValue("Registry-Serial")).isPresent();

        assertThat(ok(registry.get(search)).path("plugins")).isEmpty();
        assertThat(ok(get(search, bob)).path("plugins")).isEmpty();
        assertThat(ok(get("/api/v1/plugins?q=tool", alice)).toString()).doesNotContain("listed");
        JsonNode own = ok(get(search, alice));
        assertThat(own.path("plugins")).hasSize(2);
        assertThat(own.at("/facets/matches").asInt()).isEqualTo(2);
        assertThat(ok(get(search + "&q=tool", alice)).path("plugins")).hasSize(1);
        publish("listed/third@1.0.0");
        assertThat(ok(registry.get(search)).path("plugins")).isEmpty();
        assertThat(ok(get(search, alice)).path("plugins")).hasSize(3);

        ok(hide("listed", false));
        assertThat(ok(registry.get(search)).path("plugins")).hasSize(3);
        assertThat(hide("listed", false).headers().firstValue("Registry-Serial")).isEmpty();
        assertThat(
                        registry.texts(
                                "select distinct kind from outbox where namespace = 'listed' order by kind"))
                .containsExactly("release.hidden", "release.published", "release.shown");
    }

    @Test
    void everybodyHearsThatAReleaseWasHiddenAndNothingMore() throws IOException {
        byte[] jar = publish("heard/tool@1.0.0");
        long before = registry.query("select value from registry_serial");
        ok(hide("heard", true));
        publish("heard/secret@1.0.0");
        publish("spoken/tool@1.0.0");
        HttpRequest request = registry.request("/api/v1/events?since=" + before).build();
        try (HttpClient http = HttpClient.newHttpClient();
                Stream<String> lines =
                        http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            List<String> told =
                    lines.filter(line -> line.startsWith("event: ") || line.startsWith("data: "))
                            .filter(line -> !line.equals("event: serial"))
                            .takeWhile(line -> !line.contains("spoken/tool"))
                            .toList();
            assertThat(told)
                    .filteredOn(line -> line.startsWith("event: "))
                    .containsExactly("event: release.hidden", "event: release.published");
            assertThat(told.get(1)).contains(Digest.ofBytes(jar).toString());
            assertThat(told.toString()).doesNotContain("secret");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    void thatItsNameIsTakenShowsToWhoWantsIt() throws IOException {
        publish("wanted/tool@1.0.0");
        ok(hide("wanted", true));
        assertProblem(
                registry.call(bob, "POST", "/api/v1/namespaces", "{\"namespace\": \"wanted\"}"),
                409,
                "name-taken",
                "wanted");
    }
}
