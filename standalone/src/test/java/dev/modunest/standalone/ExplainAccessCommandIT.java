package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** explain-access against a registry of the test's. */
class ExplainAccessCommandIT {

    @TempDir private Path folder;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer registry;
    private int status = 200;
    private String answer = decision(true, "allowed", "bob owns the namespace acme");

    private static String decision(boolean allowed, String verdict, String because) {
        return "{\"subject\":\"account bob\",\"action\":\"release.publish\",\"resource\":\"plugin acme/a\",\"allowed\":"
                + allowed
                + ",\"verdict\":\""
                + verdict
                + "\",\"because\":\""
                + because
                + "\"}";
    }

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("token"), "secret\n");
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", this::answer);
        registry.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(
                exchange.getRequestMethod()
                        + " "
                        + exchange.getRequestURI()
                        + " "
                        + exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @AfterEach
    void stop() {
        registry.stop(0);
    }

    private Commands run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("explain-access"));
        all.addAll(List.of(arguments));
        all.addAll(
                List.of(
                        "--registry",
                        "http://127.0.0.1:" + registry.getAddress().getPort(),
                        "--token-file",
                        folder.resolve("token").toString()));
        return Commands.run(all.toArray(String[]::new));
    }

    @Test
    void whatIsAllowedIsToldWithItsReason() {
        Commands done = run("release.publish", "acme/a", "--account", "bob");

        assertThat(done.exit()).as(done.err()).isZero();
        assertThat(requests)
                .containsExactly(
                        "GET /api/v1/access?action=release.publish&resource=acme%2Fa&account=bob Bearer secret");
        assertThat(done.out())
                .isEqualTo(
                        "allowed: account bob may release.publish on the plugin acme/a, because bob owns the namespace acme.\n");
    }

    @ParameterizedTest
    @CsvSource({
        "out-of-scope, wider scope",
        "foreign, can give a grant",
        "not-granted, can give a grant",
        "administrators-only, An administrator",
        "absent, claims a namespace",
        "no-credential, because it is so"
    })
    void whatIsNotAllowedIsToldWithWhatWouldChangeIt(String verdict, String advice) {
        answer = decision(false, verdict, "it is so");

        Commands done = run("release.publish", "acme/a");

        assertThat(done.exit()).isEqualTo(1);
        assertThat(done.out()).startsWith("not allowed: account bob may not").contains(advice);
        assertThat(requests.getFirst()).doesNotContain("account=");
    }

    @Test
    void theDecisionIsPrintedAsJson() {
        assertThat(run("release.publish", "acme/a", "--json").out()).isEqualTo(answer + "\n");
    }

    @Test
    void aRefusalIsToldAndEndsWithOne() {
        status = 403;
        answer =
                "{\"type\": \"https://modunest.dev/problems/namespace-foreign\", \"title\": \"t\", \"status\": 403, \"detail\": \"not yours\", \"instance\": \"/\", \"request_id\": \"r\"}";
        Commands refused = run("release.publish", "acme/a", "--account", "alice");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).isEqualTo("namespace-foreign: not yours\n");
        answer = "busy";
        assertThat(run("release.publish", "acme/a").out()).contains("403 and no problem");
    }

    @Test
    void aRegistryThatDoesNotAnswerIsTold() {
        registry.stop(0);
        Commands failed = run("release.publish", "acme/a");
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.err()).contains("no answer from");
    }

    @Test
    void bothWordsAreNeeded() {
        assertThat(run("release.publish").exit()).isEqualTo(2);
    }
}
