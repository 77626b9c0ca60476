package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server as a process: how it ends, and what it writes. */
class ServerProcessIT {

    private static final Pattern LISTENING =
            Pattern.compile("listening at (http://127\\.0\\.0\\.1:\\d+)");
    private static final int CLIENTS = 8;

    @TempDir private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();

    private Path errors() {
        return folder.resolve("errors");
    }

    private Process start() throws IOException {
        ProcessBuilder command =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName());
        command.environment()
                .putAll(
                        Map.ofEntries(
                                Map.entry("MODUNEST_LISTEN_PORT", "0"),
                                Map.entry("MODUNEST_DATABASE_URL", TestBackends.newDatabase()),
                                Map.entry("MODUNEST_DATABASE_USER", "postgres"),
                                Map.entry("MODUNEST_DATABASE_PASSWORD", "postgres"),
                                Map.entry(
                                        "MODUNEST_S3_ENDPOINT",
                                        TestBackends.s3Endpoint().toString()),
                                Map.entry("MODUNEST_S3_BUCKET", "process-" + UUID.randomUUID()),
                                Map.entry("MODUNEST_S3_ACCESS_KEY", TestBackends.ACCESS_KEY),
                                Map.entry("MODUNEST_S3_SECRET_KEY", TestBackends.SECRET_KEY),
                                Map.entry("MODUNEST_CONNECTION_DRAIN_DELAY", "2s"),
                                Map.entry("MODUNEST_ADMIN_TOKEN_FILE", tokenFile().toString()),
                                Map.entry(
                                        "MODUNEST_TRUST_DIRECTORY",
                                        folder.resolve("trust").toString()),
                                Map.entry("MODUNEST_TRUST_EVALUATION", "true"),
                                Map.entry(
                                        "MODUNEST_TOKENS_KEY_FILE",
                                        folder.resolve("auth.key").toString())));
        return command.redirectOutput(folder.resolve("output").toFile())
                .redirectError(errors().toFile())
                .start();
    }

    private Path tokenFile() {
        return folder.resolve("token");
    }

    private URI listening() throws IOException {
        Awaiting.until(() -> LISTENING.matcher(written()).find());
        Matcher told = LISTENING.matcher(written());
        assertThat(told.find()).isTrue();
        return URI.create(told.group(1));
    }

    private String written() {
        try {
            return Files.readString(errors());
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private HttpRequest.Builder publish(URI server, String coordinate) throws IOException {
        return HttpRequest.newBuilder(
                        server.resolve("/api/v1/plugins/" + coordinate.replace('@', '/')))
                .header("Authorization", "Bearer " + Files.readString(tokenFile()).strip())
                .timeout(Duration.ofSeconds(60));
    }

    private int status(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.discarding()).statusCode();
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    void sigtermUnderLoadLosesNoRequestAndTheLogHasIdsAndNoSecrets() throws Exception {
        Process process = start();
        try {
            URI server = listening();
            byte[] jar = TestJars.library("acme/served@1.0.0");
            assertThat(
                            status(
                                    publish(server, "acme/served@1.0.0")
                                            .PUT(BodyPublishers.ofByteArray(jar))))
                    .isEqualTo(201);
            sendSecrets(server);
            assertThat(status(HttpRequest.newBuilder(server.resolve("/health/live"))))
                    .isEqualTo(200);

            terminateUnderLoad(process, server, jar);

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            requireLines();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Clients ask, as behind a load balancer, until the readiness says not to. */
    private void terminateUnderLoad(Process process, URI server, byte[] jar) throws Exception {
        URI artifact = server.resolve("/artifacts/sha256/" + Digest.ofBytes(jar).hex());
        AtomicBoolean ready = new AtomicBoolean(true);
        AtomicInteger served = new AtomicInteger();
        ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
        byte[] late = TestJars.library("acme/late@1.0.0");
        CountDownLatch terminated = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> upload =
                    threads.submit(
                            () ->
                                    status(
                                            publish(server, "acme/late@1.0.0")
                                                    .PUT(
                                                            BodyPublishers.ofInputStream(
                                                                    () ->
                                                                            new Interrupted(
                                                                                    late,
                                                                                    terminated)))));
            for (int i = 0; i < CLIENTS; i++) {
                threads.execute(
                        () -> {
                            while (ready.get()) {
                                ask(artifact, jar, served, lost);
                            }
                        });
            }
            Awaiting.until(() -> served.get() > 200);
            process.destroy();
            terminated.countDown();
            Awaiting.until(
                    () -> status(HttpRequest.newBuilder(server.resolve("/health/ready"))) == 503);
            ready.set(false);
            assertThat(upload.get(30, TimeUnit.SECONDS)).isEqualTo(201);
        }
        assertThat(lost).isEmpty();
    }

    private void ask(
            URI artifact, byte[] jar, AtomicInteger served, ConcurrentLinkedQueue<String> lost) {
        try {
            HttpResponse<byte[]> answer =
                    http.send(HttpRequest.newBuilder(artifact).build(), BodyHandlers.ofByteArray());
            if (answer.statusCode() == 200 && answer.body().length == jar.length) {
                served.incrementAndGet();
            } else {
                lost.add("status " + answer.statusCode());
            }
        } catch (IOException broken) {
            lost.add(broken.toString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** A body of which the second half waits for a signal. */
    private static final class Interrupted extends InputStream {

        private final byte[] bytes;
        private final CountDownLatch signal;
        private int at;

        Interrupted(byte[] bytes, CountDownLatch signal) {
            this.bytes = bytes;
            this.signal = signal;
        }

        @Override
        public int read() throws IOException {
            if (at == bytes.length / 2) {
                try {
                    signal.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                    throw new IOException(stopped);
                }
            }
            return at == bytes.length ? -1 : bytes[at++] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int next = read();
            if (next < 0) {
                return -1;
            }
            into[offset] = (byte) next;
            return 1;
        }
    }

    private static final List<String> SECRETS =
            List.of(
                    "mnt_guessedguessedguessedguessedguessedguessedguessed1",
                    "cookiecookiecookie",
                    "signaturesignature",
                    "passwordpassword",
                    "clientsecretclientsecret",
                    "refreshrefreshrefresh");

    private void sendSecrets(URI server) {
        String form = "application/x-www-form-urlencoded";
        status(
                HttpRequest.newBuilder(
                                server.resolve(
                                        "/artifacts/sha256/"
                                                + "0".repeat(64)
                                                + "?kid=1&signature=signaturesignature"))
                        .header("X-Request-Id", "secret-query"));
        status(
                HttpRequest.newBuilder(server.resolve("/api/v1/account"))
                        .header("Authorization", "Bearer " + SECRETS.getFirst()));
        status(
                HttpRequest.newBuilder(server.resolve("/api/v1/account"))
                        .header("Cookie", "modunest_session=cookiecookiecookie"));
        status(
                HttpRequest.newBuilder(server.resolve("/sign-in"))
                        .header("Content-Type", form)
                        .POST(BodyPublishers.ofString("name=a&password=passwordpassword")));
        status(
                HttpRequest.newBuilder(server.resolve("/oauth/token"))
                        .header("Content-Type", form)
                        .POST(
                                BodyPublishers.ofString(
                                        "grant_type=refresh_token&refresh_token=refreshrefreshrefresh"
                                                + "&client_secret=clientsecretclientsecret")));
    }

    private void requireLines() throws IOException {
        String log = written() + Files.readString(folder.resolve("output"));
        for (String secret : SECRETS) {
            assertThat(log).doesNotContain(secret);
        }
        assertThat(log.lines().filter(line -> line.contains("mnt_")).toList())
                .singleElement()
                .asString()
                .startsWith("The token of the first administrator");
        List<JsonNode> access =
                written()
                        .lines()
                        .filter(line -> line.startsWith("{"))
                        .map(ServerProcessIT::json)
                        .filter(line -> line.path("logger").asText().equals("modunest.access"))
                        .toList();
        assertThat(access).allMatch(line -> !line.path("request_id").asText().isEmpty());
        assertThat(access)
                .filteredOn(line -> line.path("path").asText().startsWith("/health/"))
                .isNotEmpty()
                .allMatch(line -> line.path("status").asInt() == 503);
        JsonNode asked =
                access.stream()
                        .filter(line -> line.path("request_id").asText().equals("secret-query"))
                        .findFirst()
                        .orElseThrow();
        assertThat(asked.path("method").asText()).isEqualTo("GET");
        assertThat(asked.path("route").asText()).isEqualTo("/artifacts/sha256/{hex}");
        assertThat(asked.path("query").asText()).isEqualTo("kid&signature");
        assertThat(asked.path("status").asInt()).isEqualTo(404);
        assertThat(asked.path("client").asText()).isEqualTo("127.0.0.1");
        assertThat(asked.path("bytes").asLong()).isPositive();
        assertThat(asked.path("ms").isNumber()).isTrue();
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException malformed) {
            throw new IllegalStateException(line, malformed);
        }
    }
}
