package dev.modunest.edge;

import dev.modunest.settings.Settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** An edge on a free port before a {@link FakeOrigin}, with a clock that is moved by hand. */
final class TestEdge implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final EdgeServer server;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();

    TestEdge(URI origin, Path directory, String... settings) {
        InstantSource clock = now::get;
        server = EdgeServer.start(config(origin, directory, settings), clock);
    }

    static EdgeConfig config(URI origin, Path directory, String... settings) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MODUNEST_ORIGIN_URIS", origin.toString());
        environment.put("MODUNEST_LISTEN_ADDRESS", "127.0.0.1");
        environment.put("MODUNEST_LISTEN_PORT", "0");
        environment.put("MODUNEST_DISK_DIRECTORY", directory.toString());
        for (int i = 0; i < settings.length; i += 2) {
            environment.put("MODUNEST_" + settings[i], settings[i + 1]);
        }
        return Settings.read(EdgeConfig.class, Optional.empty(), environment);
    }

    EdgeServer server() {
        return server;
    }

    void advance(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    HttpResponse<byte[]> get(String path, String... headers) {
        return send("GET", path, headers);
    }

    HttpResponse<byte[]> send(String method, String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri().resolve(path))
                        .timeout(PATIENCE)
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return exchange(request.build());
    }

    HttpResponse<byte[]> exchange(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    HttpResponse<InputStream> stream(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(server.uri().resolve(path)).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    /** A connection on which {@code text} has been sent. */
    Socket raw(String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    /** What comes back for {@code text} until the connection is closed. */
    String talk(String text) throws IOException {
        try (Socket socket = raw(text)) {
            return latin(socket);
        }
    }

    /** The value of a metric; 0 when it is not there. */
    double metric(String name) {
        for (String line :
                new String(get("/metrics").body(), StandardCharsets.UTF_8).split("\n", -1)) {
            if (line.startsWith(name + " ")) {
                return Double.parseDouble(line.substring(name.length() + 1));
            }
        }
        return 0;
    }

    void awaitMetric(String name, double atLeast) {
        await(name + " >= " + atLeast, () -> metric(name) >= atLeast);
    }

    static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    static String cacheStatus(HttpResponse<?> response) {
        return response.headers().firstValue("Cache-Status").orElse("");
    }

    /** The head of a request. */
    static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** What comes on a connection until it is closed. */
    static String latin(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
    }
}
