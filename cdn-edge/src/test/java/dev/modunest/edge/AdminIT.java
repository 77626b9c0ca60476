package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** The administration: origins that announce themselves, and what is known of each. */
final class AdminIT {

    private static final String TOKEN = "a-token-of-the-operator";

    @TempDir Path directory;
    private final FakeOrigin origin = new FakeOrigin();
    private TestEdge edge;

    @BeforeEach
    void start() {
        edge =
                new TestEdge(
                        origin.uri(),
                        directory,
                        "ORIGIN_URIS",
                        "",
                        "ADMIN_PORT",
                        "0",
                        "ADMIN_TOKEN",
                        TOKEN,
                        "ADMIN_MAX_REGISTERED",
                        "2",
                        "CDN_ID",
                        "me");
        origin.on("/x", x -> FakeOrigin.send(x, 200, "fine".getBytes(StandardCharsets.UTF_8)));
    }

    @AfterEach
    void stop() {
        edge.close();
        origin.close();
    }

    @Test
    void originIsAskedFromItsAnnouncementUntilItsTimeIsOver() {
        HttpResponse<byte[]> none = edge.get("/x");
        assertThat(none.statusCode()).isEqualTo(502);
        assertThat(TestEdge.text(none)).contains("no origin server is known");

        assertThat(put("one", origin.uri().toString(), 30).statusCode()).isEqualTo(201);
        assertThat(TestEdge.text(edge.get("/x"))).isEqualTo("fine");
        edge.advance(Duration.ofSeconds(20));
        assertThat(put("one", origin.uri().toString(), 30).statusCode()).isEqualTo(200);
        edge.advance(Duration.ofSeconds(20));
        assertThat(list().getJsonArray("registered")).hasSize(1);
        edge.advance(Duration.ofSeconds(20));
        assertThat(list().getJsonArray("registered")).isEmpty();
        assertThat(edge.get("/x").statusCode()).isEqualTo(502);
    }

    @Test
    void originThatLeavesIsNotAskedAnyMore() {
        put("one", origin.uri().toString(), 30);
        assertThat(send("DELETE", "/-/origins/one", "").statusCode()).isEqualTo(204);
        assertThat(edge.get("/x").statusCode()).isEqualTo(502);
        HttpResponse<byte[]> again = send("DELETE", "/-/origins/one", "");
        assertThat(again.statusCode()).isEqualTo(404);
        assertThat(TestEdge.text(again)).contains("origin-unknown");
    }

    @Test
    void everyOriginIsTold() {
        put("one", origin.uri().toString(), 30);
        edge.get("/x");
        JsonArray origins = list().getJsonArray("origins");
        assertThat(origins).hasSize(1);
        JsonObject told = origins.getJsonObject(0);
        assertThat(told.getString("origin")).isEqualTo(origin.uri().getAuthority());
        assertThat(told.getString("uri")).isEqualTo(origin.uri().toString());
        assertThat(told.getJsonArray("sources")).containsExactly("registered");
        assertThat(told.getBoolean("up")).isTrue();
        assertThat(told.getString("breaker")).isEqualTo("closed");
        assertThat(told.getInteger("answered")).isPositive();
        assertThat(told.getDouble("latency_millis")).isPositive();
    }

    @Test
    void loopThroughTheEdgeItselfIsCut() {
        put("myself", edge.server().uri().toString(), 30);
        for (String path : new String[] {"/x", "/index/acme/a"}) {
            HttpResponse<byte[]> looped = edge.get(path);
            assertThat(looped.statusCode()).isEqualTo(508);
            assertThat(TestEdge.text(looped)).contains("loop-detected");
        }
    }

    @Test
    void nothingIsToldOrDoneWithoutTheToken() {
        for (String authorization : new String[] {"", "Bearer", "Bearer " + TOKEN + "x", TOKEN}) {
            HttpRequest.Builder request = request("/-/origins").GET();
            if (!authorization.isEmpty()) {
                request.header("Authorization", authorization);
            }
            HttpResponse<byte[]> refused = edge.exchange(request.build());
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
            assertThat(TestEdge.text(refused)).contains("unauthorized");
        }
        assertThat(edge.get("/-/origins").statusCode()).isEqualTo(502);
    }

    @Test
    void announcementThatCannotBeReadIsRefused() {
        assertThat(put("UPPER", origin.uri().toString(), 30).statusCode()).isEqualTo(400);
        assertThat(put("one", "ftp://x", 30).statusCode()).isEqualTo(400);
        assertThat(put("one", "http://x/path", 30).statusCode()).isEqualTo(400);
        assertThat(put("one", "http://[", 30).statusCode()).isEqualTo(400);
        assertThat(put("one", origin.uri().toString(), 0).statusCode()).isEqualTo(400);
        assertThat(TestEdge.text(put("one", origin.uri().toString(), 301)))
                .contains("admin.max_ttl");
        assertThat(send("PUT", "/-/origins/one", "[]").statusCode()).isEqualTo(400);
        assertThat(send("PUT", "/-/origins/one", "{}").statusCode()).isEqualTo(400);
        assertThat(send("PUT", "/-/origins/one", " ".repeat(20_000)).statusCode()).isEqualTo(413);
    }

    @Test
    void announcementsAreBounded() {
        assertThat(put("one", "http://127.0.0.1:1", 30).statusCode()).isEqualTo(201);
        assertThat(put("two", "http://127.0.0.1:2", 30).statusCode()).isEqualTo(201);
        HttpResponse<byte[]> full = put("three", "http://127.0.0.1:3", 30);
        assertThat(full.statusCode()).isEqualTo(409);
        assertThat(TestEdge.text(full)).contains("too-many-origins", "admin.max_registered");
        assertThat(put("two", "http://127.0.0.1:4", 30).statusCode()).isEqualTo(200);
    }

    @Test
    void otherRoutesAndMethodsAreUnknown() {
        assertThat(send("GET", "/-/other", "").statusCode()).isEqualTo(404);
        HttpResponse<byte[]> post = send("POST", "/-/origins", "");
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).hasValue("GET");
        assertThat(send("GET", "/-/origins/one", "").headers().firstValue("Allow"))
                .hasValue("PUT, DELETE");
    }

    private HttpResponse<byte[]> put(String id, String uri, int seconds) {
        return send(
                "PUT",
                "/-/origins/" + id,
                new JsonObject().put("uri", uri).put("ttl_seconds", seconds).encode());
    }

    private JsonObject list() {
        return new JsonObject(TestEdge.text(send("GET", "/-/origins", "")));
    }

    private HttpResponse<byte[]> send(String method, String path, String body) {
        return edge.exchange(
                request(path)
                        .header("Authorization", "Bearer " + TOKEN)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private HttpRequest.Builder request(String path) {
        URI admin = edge.server().adminUri().orElseThrow();
        return HttpRequest.newBuilder(admin.resolve(path)).timeout(TestEdge.PATIENCE);
    }
}
