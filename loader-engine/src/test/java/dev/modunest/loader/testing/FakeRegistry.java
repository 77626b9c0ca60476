package dev.modunest.loader.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.http.Problem;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.LockJson;
import dev.modunest.format.resolve.RequestJson;
import dev.modunest.format.resolve.Resolution;
import dev.modunest.format.resolve.ResolveJson;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.format.resolve.Resolver;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A registry on a free port that serves test plugins, and fails when told to. Thread-safe. */
public final class FakeRegistry implements AutoCloseable {

    static {
        // Without it the JDK's server waits 40 ms for the acknowledgement of its headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<PluginId, List<IndexEntry>> index = new ConcurrentHashMap<>();
    private final Map<String, byte[]> artifacts = new ConcurrentHashMap<>();
    private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Headers> headers = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private volatile Function<String, Optional<byte[]>> files = _ -> Optional.empty();
    private volatile Predicate<String> admitted = _ -> true;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** What happens to one request. */
    public sealed interface Fault {

        /** Answers with a status and no body. */
        record Status(int status) implements Fault {}

        /** Sends so many bytes of the body and cuts the connection. */
        record Cut(int after) implements Fault {}

        /** Sends other bytes of the same length. */
        record Garbled() implements Fault {}

        /** Sends so many bytes of the body, then nothing more. */
        record Stall(int after) implements Fault {}

        /** Answers 302 to this address. */
        record Redirect(URI to) implements Fault {}

        /** Answers 200 with this body. */
        record Body(String text) implements Fault {}

        /** Answers 206 with a Content-Range that was not asked for. */
        record WrongRange() implements Fault {}

        /** Ignores the range and sends everything. */
        record Whole() implements Fault {}
    }

    public FakeRegistry(TestPlugin... plugins) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        add(plugins);
    }

    public void add(TestPlugin... plugins) {
        for (TestPlugin plugin : plugins) {
            index.computeIfAbsent(plugin.coordinate().plugin(), _ -> new CopyOnWriteArrayList<>())
                    .add(plugin.index());
            artifacts.put("/artifacts/sha256/" + plugin.digest().hex(), plugin.jar());
        }
    }

    /** Serves more files, by their path. */
    public void serve(Function<String, Optional<byte[]>> more) {
        files = more;
    }

    /** The next requests for {@code path} fail this way, one after the other. */
    public void fail(String path, Fault... next) {
        faults.computeIfAbsent(path, _ -> new ArrayDeque<>()).addAll(List.of(next));
    }

    public void fail(TestPlugin plugin, Fault... next) {
        fail("/artifacts/sha256/" + plugin.digest().hex(), next);
    }

    /**
     * Answers 401 to requests whose {@code Authorization} header, empty when there is none, is not
     * {@code accepted}.
     */
    public void admit(Predicate<String> accepted) {
        admitted = accepted;
    }

    /** The {@code Authorization} header of each request that had one. */
    public List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The fields of each request, in the order of {@link #requests}. */
    public List<Headers> headers() {
        return List.copyOf(headers);
    }

    /** Each request as {@code METHOD path} and, when it has one, its range. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    public List<String> artifactRequests() {
        return requests.stream().filter(line -> line.contains("/artifacts/")).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            headers.add(exchange.getRequestHeaders());
            requests.add(
                    exchange.getRequestMethod() + " " + path + (range == null ? "" : " " + range));
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization != null) {
                authorizations.add(authorization);
            }
            if (!admitted.test(authorization == null ? "" : authorization)) {
                exchange.getResponseHeaders()
                        .set(
                                "WWW-Authenticate",
                                authorization == null
                                        ? "Bearer realm=\"modunest\""
                                        : "Bearer realm=\"modunest\", error=\"invalid_token\"");
                send(exchange, 401, "");
                return;
            }
            Optional<Fault> fault = Optional.ofNullable(nextFault(path));
            if (fault.isPresent() && answered(exchange, fault.get())) {
                return;
            }
            if (artifacts.containsKey(path)) {
                artifact(exchange, path, fault);
            } else if (path.startsWith("/index/")) {
                index(exchange, PluginId.parse(path.substring("/index/".length())));
            } else if (path.equals("/api/v1/resolve")) {
                resolve(exchange);
            } else {
                file(exchange, files.apply(path));
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static void file(HttpExchange exchange, Optional<byte[]> content) throws IOException {
        if (content.isEmpty()) {
            send(exchange, 404, "");
        } else {
            exchange.sendResponseHeaders(200, content.get().length);
            exchange.getResponseBody().write(content.get());
        }
    }

    private @Nullable Fault nextFault(String path) {
        Queue<Fault> queue = faults.get(path);
        if (queue == null) {
            return null;
        }
        synchronized (queue) {
            return queue.poll();
        }
    }

    private static boolean answered(HttpExchange exchange, Fault fault) throws IOException {
        return switch (fault) {
            case Fault.Status status -> {
                send(exchange, status.status(), "");
                yield true;
            }
            case Fault.Redirect redirect -> {
                exchange.getResponseHeaders().set("Location", redirect.to().toString());
                send(exchange, 302, "");
                yield true;
            }
            case Fault.Body body -> {
                send(exchange, 200, body.text());
                yield true;
            }
            case Fault.Cut _, Fault.Garbled _, Fault.Stall _, Fault.WrongRange _, Fault.Whole _ ->
                    false;
        };
    }

    private void artifact(HttpExchange exchange, String path, Optional<Fault> fault)
            throws IOException, InterruptedException {
        byte[] bytes = artifacts.getOrDefault(path, new byte[0]).clone();
        String tag = "\"sha256:" + path.substring(path.lastIndexOf('/') + 1) + '"';
        exchange.getResponseHeaders().set("ETag", tag);
        int from = 0;
        String range = exchange.getRequestHeaders().getFirst("Range");
        boolean whole = fault.isPresent() && fault.get() instanceof Fault.Whole;
        if (range != null
                && !whole
                && tag.equals(exchange.getRequestHeaders().getFirst("If-Range"))) {
            from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
            boolean wrong = fault.isPresent() && fault.get() instanceof Fault.WrongRange;
            exchange.getResponseHeaders()
                    .set(
                            "Content-Range",
                            "bytes "
                                    + (wrong ? 0 : from)
                                    + "-"
                                    + (bytes.length - 1)
                                    + "/"
                                    + bytes.length);
        }
        if (fault.isPresent() && fault.get() instanceof Fault.Garbled) {
            bytes[bytes.length / 2] ^= 1;
        }
        exchange.sendResponseHeaders(from == 0 ? 200 : 206, bytes.length - from);
        OutputStream body = exchange.getResponseBody();
        switch (fault.orElse(new Fault.Whole())) {
            case Fault.Cut cut -> body.write(bytes, from, cut.after());
            case Fault.Stall stall -> {
                body.write(bytes, from, stall.after());
                body.flush();
                closed.await();
            }
            case Fault.Status _,
                    Fault.Redirect _,
                    Fault.Body _,
                    Fault.Garbled _,
                    Fault.WrongRange _,
                    Fault.Whole _ ->
                    body.write(bytes, from, bytes.length - from);
        }
        body.flush();
    }

    private void index(HttpExchange exchange, PluginId plugin) throws IOException {
        List<IndexEntry> entries = index.get(plugin);
        if (entries == null) {
            send(exchange, 404, "");
        } else {
            String document =
                    entries.stream()
                            .map(ResolveJson::indexLine)
                            .collect(Collectors.joining("\n", "", "\n"));
            String tag = Digest.ofBytes(document.getBytes(StandardCharsets.UTF_8)).entityTag();
            exchange.getResponseHeaders().set("ETag", tag);
            if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
            } else {
                send(exchange, 200, document);
            }
        }
    }

    private void resolve(HttpExchange exchange) throws IOException {
        String request =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        ResolveRequest wanted = RequestJson.read(request, Instant.now());
        switch (Resolver.resolve(wanted, _ -> Map.copyOf(index))) {
            case Resolution.Resolved resolved ->
                    send(exchange, 200, LockJson.write(Lock.of(wanted, resolved.plan())));
            case Resolution.Conflict conflict -> send(exchange, 409, problem(conflict));
            case Resolution.TooComplex given -> throw new IllegalStateException(given.toString());
        }
    }

    private static String problem(Resolution.Conflict conflict) {
        List<Problem.Fault> reasons = new ArrayList<>();
        conflict.reasons()
                .forEach(
                        reason ->
                                reasons.add(
                                        new Problem.Fault(
                                                reason.code(), "", reason.detail(), reason.fix())));
        return new String(
                new Problem(
                                Problem.TYPE_PREFIX + "resolution-conflict",
                                "No set of releases fits",
                                409,
                                "No set of releases satisfies all ranges.",
                                "/api/v1/resolve",
                                reasons,
                                "test")
                        .toJson(),
                StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
