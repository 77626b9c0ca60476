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

/** yank, deprecate, quarantine, delete and their opposites, against a registry of the test's. */
class ReleaseCommandIT {

    private static final String DOCUMENT =
            "{\"coordinate\": \"acme/a@1.0.0\", \"status\": \"yanked\", \"reason\": \"broken\", \"deprecated\": {\"reason\": \"old\"}}";

    @TempDir private Path folder;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer registry;
    private int status = 200;
    private String answer = DOCUMENT;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("token"), "secret\n");
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", this::answer);
        registry.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests.add(
                exchange.getRequestMethod()
                        + " "
                        + exchange.getRequestURI()
                        + " "
                        + exchange.getRequestHeaders().getFirst("Authorization")
                        + " "
                        + new String(body, StandardCharsets.UTF_8));
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
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(
                List.of(
                        "--registry",
                        "http://127.0.0.1:" + registry.getAddress().getPort(),
                        "--token-file",
                        folder.resolve("token").toString()));
        return Commands.run(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "yank --reason broken | PATCH /api/v1/plugins/acme/a/1.0.0 Bearer secret {\"yanked\":{\"reason\":\"broken\"}}",
                "unyank | PATCH /api/v1/plugins/acme/a/1.0.0 Bearer secret {\"yanked\":null}",
                "deprecate --reason old --replacement acme/b | PATCH /api/v1/plugins/acme/a/1.0.0 Bearer secret {\"deprecated\":{\"reason\":\"old\",\"replacement\":\"acme/b\"}}",
                "undeprecate | PATCH /api/v1/plugins/acme/a/1.0.0 Bearer secret {\"deprecated\":null}",
                "quarantine --reason bad | PATCH /api/v1/plugins/acme/a/1.0.0 Bearer secret {\"quarantined\":{\"reason\":\"bad\"}}",
                "unquarantine | PATCH /api/v1/plugins/acme/a/1.0.0 Bearer secret {\"quarantined\":null}",
                "delete --reason oops | DELETE /api/v1/plugins/acme/a/1.0.0?reason=oops Bearer secret"
            })
    void sendsWhatTheVerbMeans(String command, String request) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.add("acme/a@1.0.0");

        Commands done = run(arguments.toArray(String[]::new));

        assertThat(done.exit()).as(done.err()).isZero();
        assertThat(requests).extracting(String::strip).containsExactly(request);
        assertThat(done.out()).isEqualTo("acme/a@1.0.0  yanked: broken, deprecated: old\n");
    }

    @Test
    void printsTheDocumentAsJson() {
        assertThat(run("unyank", "acme/a@1.0.0", "--json").out()).isEqualTo(DOCUMENT + "\n");
    }

    @Test
    void aRefusalIsToldAndEndsWithOne() {
        status = 403;
        answer =
                "{\"type\": \"https://modunest.dev/problems/namespace-foreign\", \"title\": \"t\", \"status\": 403, \"detail\": \"not yours\", \"instance\": \"/\", \"request_id\": \"r\"}";
        Commands refused = run("unyank", "acme/a@1.0.0");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).isEqualTo("namespace-foreign: not yours\n");
        answer = "busy";
        assertThat(run("unyank", "acme/a@1.0.0").out()).contains("403 and no problem");
    }

    @Test
    void aRegistryThatDoesNotAnswerIsTold() {
        registry.stop(0);
        Commands failed = run("unyank", "acme/a@1.0.0");
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.err()).contains("no answer from");
    }

    @ParameterizedTest
    @CsvSource({
        "yank acme/a@1.0.0, say why",
        "unyank acme/a@1.0.0 --reason x, has no place",
        "yank acme/a@1.0.0 --reason x --replacement acme/b, deprecate only",
        "unyank acme, acme"
    })
    void badUsageEndsWithTwo(String command, String message) {
        Commands failed = run(command.split(" "));
        assertThat(failed.exit()).isEqualTo(2);
        assertThat(failed.err()).contains(message);
        assertThat(requests).isEmpty();
    }
}
