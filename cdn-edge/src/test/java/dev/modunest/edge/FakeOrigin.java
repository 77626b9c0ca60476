package dev.modunest.edge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.modunest.format.Digest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin whose behaviour is written per path, and which counts what it is asked. */
final class FakeOrigin implements AutoCloseable {

    interface Behaviour {
        void answer(HttpExchange x) throws Exception;
    }

    private final FakeEvents events = new FakeEvents();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

    FakeOrigin() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.setExecutor(threads);
        server.createContext("/", this::dispatch);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    FakeEvents events() {
        return events;
    }

    FakeOrigin on(String path, Behaviour behaviour) {
        behaviours.put(path, behaviour);
        return this;
    }

    /** Offers {@code bytes} by digest, as the contract says. */
    Digest artifact(byte[] bytes) {
        Digest digest = Digest.ofBytes(bytes);
        on(path(digest), x -> sendArtifact(x, digest, bytes));
        return digest;
    }

    /** Offers {@code bytes} by name and by digest. */
    Digest artifact(String path, byte[] bytes) {
        Digest digest = artifact(bytes);
        on(path, x -> sendArtifact(x, digest, bytes));
        return digest;
    }

    void document(String path, String body, String cacheControl) {
        on(
                path,
                x -> {
                    x.getResponseHeaders().set("Cache-Control", cacheControl);
                    x.getResponseHeaders().set("ETag", "\"" + body.hashCode() + "\"");
                    x.getResponseHeaders().set("Content-Type", "application/x-ndjson");
                    String tag = x.getRequestHeaders().getFirst("If-None-Match");
                    if (("\"" + body.hashCode() + "\"").equals(tag)) {
                        x.sendResponseHeaders(304, -1);
                    } else {
                        send(x, 200, body.getBytes(StandardCharsets.UTF_8));
                    }
                });
    }

    int count(String method, String path) {
        AtomicInteger count = counts.get(method + " " + path);
        return count == null ? 0 : count.get();
    }

    static String path(Digest digest) {
        return "/artifacts/sha256/" + digest.hex();
    }

    static void artifactHeaders(HttpExchange x, Digest digest) {
        x.getResponseHeaders().set("Content-Type", "application/java-archive");
        x.getResponseHeaders().set("ETag", digest.entityTag());
        x.getResponseHeaders().set("Repr-Digest", digest.reprDigest());
        x.getResponseHeaders().set("Cache-Control", "public, max-age=31536000, immutable");
        x.getResponseHeaders().set("Last-Modified", "Sun, 01 Nov 2026 00:00:00 GMT");
    }

    static void sendArtifact(HttpExchange x, Digest digest, byte[] bytes) throws IOException {
        artifactHeaders(x, digest);
        send(x, 200, bytes);
    }

    static void send(HttpExchange x, int status, byte[] body) throws IOException {
        boolean head = x.getRequestMethod().equals("HEAD");
        if (head) {
            x.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        x.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            x.getResponseBody().write(body);
        }
    }

    private void dispatch(HttpExchange x) throws IOException {
        String path = x.getRequestURI().toString();
        counts.computeIfAbsent(x.getRequestMethod() + " " + path, _ -> new AtomicInteger())
                .incrementAndGet();
        try (x) {
            Behaviour behaviour =
                    path.startsWith("/api/v1/events") ? events::serve : behaviours.get(path);
            if (behaviour == null) {
                send(
                        x,
                        404,
                        "{\"title\":\"unknown at the origin\"}".getBytes(StandardCharsets.UTF_8));
            } else {
                behaviour.answer(x);
            }
        } catch (IOException | RuntimeException broken) {
            throw broken;
        } catch (Exception broken) {
            throw new IOException(broken);
        }
    }

    @Override
    public void close() {
        events.disconnect();
        server.stop(0);
        threads.shutdownNow();
    }
}
