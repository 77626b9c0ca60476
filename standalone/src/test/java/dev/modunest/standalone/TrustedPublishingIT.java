package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import dev.modunest.format.PluginId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A CI job against a CI and a registry that answer as each test says. */
class TrustedPublishingIT {

    private static final PluginId TOOL = PluginId.parse("acme/tool");

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(String path, int status, String json) {
        server.createContext(
                path,
                exchange -> {
                    byte[] body = json.getBytes(StandardCharsets.UTF_8);
                    requests.add(
                            exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Authorization")
                                    + " "
                                    + new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
    }

    private TrustedPublishing ofGitHub() {
        return TrustedPublishing.find(
                        Map.of(
                                "ACTIONS_ID_TOKEN_REQUEST_URL",
                                uri() + "/id?job=1",
                                "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                                "of-the-job"),
                        uri())
                .orElseThrow();
    }

    @Test
    void aJobAtGitHubGetsATokenForEachPlugin() throws Exception {
        answer("/id", 200, "{\"value\": \"eyJ.id\"}");
        answer("/oauth/token", 200, "{\"access_token\": \"eyJ.access\", \"expires_in\": 900}");
        TrustedPublishing tokens = ofGitHub();

        assertThat(tokens.token(TOOL).value()).isEqualTo("eyJ.access");
        assertThat(tokens.token(TOOL).value()).isEqualTo("eyJ.access");
        tokens.token(PluginId.parse("acme/other"));

        assertThat(requests).hasSize(4);
        assertThat(requests.getFirst())
                .startsWith("/id?job=1&audience=http%3A%2F%2F127.0.0.1%3A")
                .contains("Bearer of-the-job");
        assertThat(requests.get(1))
                .contains("subject_token=eyJ.id", "scope=release.publish%3Aacme%2Ftool")
                .doesNotContain("of-the-job");
    }

    @Test
    void aTokenThatIsAlmostOverIsNotTakenAgain() throws Exception {
        answer("/id", 200, "{\"value\": \"eyJ.id\"}");
        answer("/oauth/token", 200, "{\"access_token\": \"eyJ.access\", \"expires_in\": 60}");
        TrustedPublishing tokens = ofGitHub();

        tokens.token(TOOL);
        tokens.token(TOOL);

        assertThat(requests).hasSize(4);
    }

    @Test
    void aJobAtGitLabHasItsIdTokenAlready() throws Exception {
        answer("/oauth/token", 200, "{\"access_token\": \"eyJ.access\", \"expires_in\": 900}");

        PublishTokens tokens =
                TrustedPublishing.find(Map.of("MODUNEST_ID_TOKEN", "eyJ.lab"), uri()).orElseThrow();

        assertThat(tokens.token(TOOL).value()).isEqualTo("eyJ.access");
        assertThat(requests.getFirst()).contains("subject_token=eyJ.lab");
    }

    @Test
    void aRefusalSaysWhatToDo() {
        answer("/id", 403, "{}");
        answer(
                "/oauth/token",
                400,
                "{\"error\": \"invalid_request\", \"error_description\": \"no plugin trusts the job\"}");

        assertThatThrownBy(() -> ofGitHub().token(TOOL)).hasMessageContaining("id-token: write");
        PublishTokens ofLab =
                TrustedPublishing.find(Map.of("MODUNEST_ID_TOKEN", "eyJ.lab"), uri()).orElseThrow();
        assertThatThrownBy(() -> ofLab.token(TOOL))
                .hasMessageContaining("publish acme/tool: no plugin trusts the job");
    }

    @Test
    void elsewhereThereIsNone() {
        assertThat(TrustedPublishing.find(Map.of(), uri())).isEmpty();
        assertThat(
                        TrustedPublishing.find(
                                Map.of("ACTIONS_ID_TOKEN_REQUEST_URL", "http://x?"), uri()))
                .isEmpty();
        assertThat(TrustedPublishing.find(Map.of("MODUNEST_ID_TOKEN", " "), uri())).isEmpty();
    }
}
