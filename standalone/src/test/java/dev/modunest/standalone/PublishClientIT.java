package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.modunest.format.Digest;
import dev.modunest.format.Inspection;
import dev.modunest.format.http.Problem;
import dev.modunest.samples.generator.GeneratorOptions;
import dev.modunest.samples.generator.PluginGenerator;
import dev.modunest.settings.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The client against a registry that answers as each test says. */
class PublishClientIT {

    private interface Answer {
        void to(HttpExchange exchange, int attempt) throws IOException;
    }

    @TempDir private Path folder;

    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicReference<String> sent = new AtomicReference<>("");
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private HttpServer registry;
    private PluginJar jar;

    @BeforeEach
    void start() throws Exception {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        registry.start();
        PluginGenerator.generate(GeneratorOptions.of(1, 5, folder), done -> {});
        Path file = PluginJar.files(List.of(folder)).getFirst();
        jar = new PluginJar(file, ((Inspection.Accepted) PluginJar.inspect(file)).manifest());
    }

    @AfterEach
    void stop() {
        registry.stop(0);
    }

    @Test
    void aBusyRegistryIsAskedAgainWhenItSays() {
        PublishClient.Outcome outcome =
                publish(
                        (exchange, attempt) -> {
                            Digest digest =
                                    Digest.ofBytes(exchange.getRequestBody().readAllBytes());
                            exchange.getResponseHeaders().set("Retry-After", "0");
                            send(
                                    exchange,
                                    attempt < 3 ? 503 : 201,
                                    "{\"digest\": \"" + digest + "\"}");
                        });
        assertThat(outcome).isInstanceOf(PublishClient.Outcome.Published.class);
        assertThat(attempts).hasValue(3);
    }

    private void acceptAndThen(String state, String more) {
        answer(
                (exchange, attempt) -> {
                    String path = "/api/v1/publishes/00000000-0000-0000-0000-000000000001";
                    Digest digest = Digest.ofBytes(exchange.getRequestBody().readAllBytes());
                    exchange.getResponseHeaders().set("Location", path);
                    exchange.getResponseHeaders().set("Retry-After", "0");
                    if (exchange.getRequestMethod().equals("PUT")) {
                        sent.set(digest.toString());
                        keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
                        send(exchange, attempt == 1 ? 503 : 202, "{}");
                    } else {
                        String now = attempt < 5 ? "queued" : state;
                        send(
                                exchange,
                                200,
                                "{\"state\": \"%s\", \"position\": 3, \"digest\": \"%s\"%s}"
                                        .formatted(now, sent.get(), more));
                    }
                });
    }

    @Test
    void aPublishThatTakesLongerIsFollowedToItsEnd() {
        acceptAndThen("live", "");
        List<PublishClient.Followed> followed = new ArrayList<>();
        try (PublishClient client =
                new PublishClient(
                        uri(), _ -> new Secret("mnt_x"), PublishBundles.NONE, 1, followed::add)) {
            PublishClient.Outcome outcome = client.publish(List.of(jar), each -> {}).getFirst();
            assertThat(outcome).isInstanceOf(PublishClient.Outcome.Published.class);
        }
        assertThat(followed).hasSize(2);
        assertThat(PublishCommand.toText(followed.getFirst()))
                .isEqualTo("queued  " + jar.coordinate() + "  3 before it");
        assertThat(keys).as("one key for all attempts").hasSize(1).doesNotContainNull();
    }

    @Test
    void aRefusalOfAPublishThatTookLongerIsTold() {
        Problem problem =
                new Problem(
                        Problem.TYPE_PREFIX + "dependency-unresolvable",
                        "t",
                        422,
                        "publish it first",
                        "/api",
                        List.of(),
                        "r1");
        acceptAndThen(
                "refused",
                ", \"problem\": " + new String(problem.toJson(), StandardCharsets.UTF_8));
        try (PublishClient client = new PublishClient(uri(), new Secret("mnt_x"), 1)) {
            PublishClient.Outcome outcome = client.publish(List.of(jar), each -> {}).getFirst();
            assertThat(PublishCommand.toText(outcome))
                    .startsWith("refused")
                    .contains("dependency-unresolvable", "publish it first");
        }
    }

    @Test
    void aPublishElsewhereIsNotFollowed() {
        PublishClient.Outcome outcome =
                publish(
                        (exchange, attempt) -> {
                            exchange.getResponseHeaders()
                                    .set("Location", "http://192.0.2.1/api/v1/publishes/x");
                            send(exchange, 202, "{}");
                        });
        assertThat(attempts).hasValue(1);
        assertThat(PublishCommand.toText(outcome)).contains("names no publish to follow");
    }

    @Test
    void aRegistryThatStaysBusyIsGivenUp() {
        PublishClient.Outcome outcome =
                publish(
                        (exchange, attempt) -> {
                            exchange.getResponseHeaders().set("Retry-After", "0");
                            send(exchange, 429, "");
                        });
        assertThat(attempts).hasValue(PublishClient.ATTEMPTS);
        assertThat(PublishCommand.isLive(outcome)).isFalse();
        assertThat(PublishCommand.toText(outcome)).contains("429 and no problem document");
    }

    @Test
    void aRegistryThatKeptOtherBytesIsNotBelieved() {
        String other = Digest.ofBytes(new byte[0]).toString();
        PublishClient.Outcome outcome =
                publish(
                        (exchange, attempt) ->
                                send(exchange, 201, "{\"digest\": \"" + other + "\"}"));
        assertThat(PublishCommand.toText(outcome)).startsWith("failed").contains(other);
    }

    @Test
    void anAnswerThatIsLostIsAskedForOnceMoreWithTheSameKey() {
        PublishClient.Outcome outcome =
                publish(
                        (exchange, attempt) -> {
                            keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
                            byte[] body = exchange.getRequestBody().readAllBytes();
                            if (attempt > 1) {
                                send(
                                        exchange,
                                        201,
                                        "{\"digest\": \"" + Digest.ofBytes(body) + "\"}");
                            }
                        });
        assertThat(outcome).isInstanceOf(PublishClient.Outcome.Published.class);
        assertThat(keys).hasSize(1);
    }

    @Test
    void everyFaultOfAProblemIsTold() {
        Problem problem =
                new Problem(
                        Problem.TYPE_PREFIX + "archive-refused",
                        "The archive is refused",
                        422,
                        "2 problems",
                        "/api",
                        List.of(
                                new Problem.Fault("one", "a", "first", "do this"),
                                new Problem.Fault("two", "b", "second", "do that")),
                        "r1");
        PublishClient.Outcome outcome =
                publish(
                        (exchange, attempt) ->
                                send(
                                        exchange,
                                        422,
                                        new String(problem.toJson(), StandardCharsets.UTF_8)));
        assertThat(PublishCommand.toText(outcome))
                .contains("422 archive-refused", "one: first. do this", "two: second. do that");
    }

    @Test
    void aBrokenConnectionIsAFailureOfThatJar() {
        PublishClient.Outcome outcome = publish((exchange, attempt) -> exchange.close());
        assertThat(PublishCommand.toText(outcome)).startsWith("failed").contains("connection");
    }

    @Test
    void theCommandTellsMachinesTheSame() throws IOException {
        answer(
                (exchange, attempt) ->
                        send(exchange, 500, "{\"type\": \"about:blank\", \"status\": 500}"));
        Path token = folder.resolve("token");
        java.nio.file.Files.writeString(token, "mnt_x\n");
        Commands published =
                Commands.run(
                        "publish",
                        "--json",
                        "--registry",
                        uri().toString(),
                        "--token-file",
                        token.toString(),
                        jar.file().toString());
        assertThat(published.exit()).isEqualTo(1);
        assertThat(published.out()).contains("\"outcome\":\"refused\"", "\"status\":500");
    }

    @Test
    void withoutATokenNothingIsSent() {
        answer((exchange, attempt) -> send(exchange, 201, "{}"));
        Commands published =
                Commands.run(
                        "publish",
                        "--registry",
                        uri().toString(),
                        "--token-file",
                        folder.resolve("absent").toString(),
                        jar.file().toString());
        assertThat(published.exit()).isEqualTo(2);
        assertThat(published.err())
                .contains("no token", "--token-file FILE, or set MODUNEST_TOKEN");
        assertThat(attempts).hasValue(0);
    }

    private PublishClient.Outcome publish(Answer answer) {
        answer(answer);
        List<PublishClient.Outcome> told = new ArrayList<>();
        try (PublishClient client = new PublishClient(uri(), new Secret("mnt_x"), 1)) {
            List<PublishClient.Outcome> outcomes = client.publish(List.of(jar), told::add);
            assertThat(outcomes).hasSize(1).isEqualTo(told);
            return outcomes.getFirst();
        }
    }

    private void answer(Answer answer) {
        registry.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        answer.to(exchange, attempts.incrementAndGet());
                    }
                });
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + registry.getAddress().getPort());
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
