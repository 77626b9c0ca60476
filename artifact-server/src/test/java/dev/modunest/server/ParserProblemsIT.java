package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.http.Problem;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;

/** Requests that no route sees, and what every answer carries. */
class ParserProblemsIT {

    private static final String ID_FORM = "[A-Za-z0-9._-]{1,64}";

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start(Map.of("MODUNEST_CONNECTION_LINGER_TIME", "300ms"));
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static RawClient.Response say(String request) throws IOException {
        try (RawClient client = new RawClient(registry.server().uri())) {
            return client.send(request).response();
        }
    }

    private static void assertProblem(
            RawClient.Response response, int status, String code, String fix) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("content-type")).isEqualTo(Problem.MEDIA_TYPE);
        assertThat(response.header("x-request-id")).isEqualTo(response.problem().requestId());
        assertThat(response.header("connection")).isEqualToIgnoringCase("close");
        assertThat(response.problem().code()).isEqualTo(code);
        assertThat(response.problem().status()).isEqualTo(status);
        assertThat(response.problem().detail()).contains(fix);
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 1_000_000})
    void refusesHeadersOverTheLimit(int bytes) throws IOException {
        RawClient.Response response =
                say("GET / HTTP/1.1\nHost: x\nX-Long: " + "a".repeat(bytes) + "\n\n");

        assertProblem(response, 431, "headers-too-large", "send fewer or shorter ones");
        assertThat(response.problem().detail()).contains("8192");
    }

    @Test
    void refusesManyHeadersThatTogetherAreOverTheLimit() throws IOException {
        StringBuilder request = new StringBuilder("GET / HTTP/1.1\nHost: x\n");
        for (int i = 0; i < 100; i++) {
            request.append("X-").append(i).append(": ").append("a".repeat(100)).append('\n');
        }

        assertProblem(say(request.append('\n').toString()), 431, "headers-too-large", "send fewer");
    }

    @Test
    void refusesARequestLineOverTheLimit() throws IOException {
        assertProblem(
                say("GET /" + "a".repeat(5_000) + " HTTP/1.1\nHost: x\n\n"),
                414,
                "uri-too-long",
                "shorten the path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\n\n",
                "GET / HTTP/1.1\nHost: x\nno colon here\n\n",
                "GET / HTTP/1.1\nHost: x\nHost: y\n\n",
                "GET /%zz HTTP/1.1\nHost: x\n\n",
                "PUT / HTTP/1.1\nHost: x\nContent-Length: -5\n\n",
                "PUT / HTTP/1.1\nHost: x\nContent-Length: 1\nTransfer-Encoding: chunked\n\n"
            })
    void refusesWhatIsNotHttp(String request) throws IOException {
        assertProblem(say(request), 400, "bad-request", "correct the request");
    }

    @Test
    void refusesATransferCodingThatItDoesNotKnow() throws IOException {
        assertProblem(
                say("PUT / HTTP/1.1\nHost: x\nTransfer-Encoding: gzip, chunked\n\n"),
                501,
                "not-implemented",
                "chunked");
    }

    @Test
    void refusesAChunkSizeThatIsNone() throws IOException {
        RawClient.Response response =
                say("POST /api/v1/resolve HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\nzz\n");

        assertProblem(response, 400, "bad-request", "send a Content-Length");
    }

    @Test
    void tellsThatAPathIsUnknown() {
        TestRegistry.assertProblem(
                registry.get("/no/such/path"), 404, "route-unknown", "/openapi.yaml lists");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/plugins/acme/x/1.0.0, 'DELETE, GET, HEAD, PATCH, PUT'",
        "PUT, /api/v1/resolve, POST",
        "POST, /index/acme/x, 'GET, HEAD'",
        "INVENTED, /metrics, 'GET, HEAD'"
    })
    void tellsTheMethodsThatAPathKnows(String method, String path, String allowed) {
        HttpResponse<byte[]> response =
                registry.send(
                        registry.request(path)
                                .method(method, java.net.http.HttpRequest.BodyPublishers.noBody()));

        TestRegistry.assertProblem(response, 405, "method-not-allowed", "use one of those");
        assertThat(response.headers().firstValue("Allow")).hasValue(allowed);
    }

    @Test
    void aHeadRequestGetsAProblemWithoutItsBody() {
        HttpResponse<byte[]> response = registry.head("/index/acme/unknown");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(Problem.MEDIA_TYPE);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void keepsTheRequestIdOfTheClient() {
        HttpResponse<byte[]> response =
                registry.get("/health/live", "X-Request-Id", "build-7.step_2");

        assertThat(response.headers().firstValue("X-Request-Id")).hasValue("build-7.step_2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"has blanks inside", "<script>"})
    void replacesARequestIdThatDoesNotBelongInALog(String id) {
        String answered =
                registry.get("/health/live", "X-Request-Id", id)
                        .headers()
                        .firstValue("X-Request-Id")
                        .orElseThrow();

        assertThat(answered).isNotEqualTo(id).matches(ID_FORM);
    }

    @Test
    void answersSeveralRequestsOnOneConnection() throws IOException {
        try (RawClient client = new RawClient(registry.server().uri())) {
            String request = "GET /health/live HTTP/1.1\nHost: x\n\n";

            assertThat(client.send(request).response().status()).isEqualTo(200);
            assertThat(client.send(request + request).response().status()).isEqualTo(200);
            assertThat(client.response().status()).isEqualTo(200);
        }
    }
}
