package dev.modunest.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A registry and its artifacts as an edge serves them: three plugins, a page each. */
final class FakeEdge implements AutoCloseable {

    private static final String ARTIFACTS = "/artifacts/sha256/";
    private static final String PLUGINS = "/api/v1/plugins";

    private final Map<String, byte[]> artifacts = new TreeMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
    private final AtomicInteger served = new AtomicInteger();
    private volatile boolean corrupt;

    FakeEdge(int plugins) throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < plugins; i++) {
            byte[] content = new byte[1000 + random.nextInt(50_000)];
            random.nextBytes(content);
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            artifacts.put(HexFormat.of().formatHex(sha256.digest(content)), content);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.createContext(PLUGINS, this::catalogue);
        server.createContext(ARTIFACTS, this::artifact);
        server.createContext("/metrics", this::metrics);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on a byte of every artifact differs. */
    void corrupt() {
        corrupt = true;
    }

    /** The digest of an artifact. */
    String hex() {
        return artifacts.keySet().iterator().next();
    }

    /** The connections on which artifacts were asked for. */
    Set<InetSocketAddress> clients() {
        return clients;
    }

    /** Artifact requests answered. */
    int served() {
        return served.get();
    }

    private void catalogue(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        send(
                exchange,
                200,
                path.equals(PLUGINS)
                        ? page(exchange)
                        : releases(path).getBytes(StandardCharsets.UTF_8));
    }

    private byte[] page(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        int at = query.indexOf("cursor=");
        int number = at < 0 ? 0 : Integer.parseInt(query.substring(at + "cursor=".length()));
        String plugin =
                number < artifacts.size()
                        ? "{\"namespace\": \"load\", \"name\": \"p%d\", \"latest_version\": \"1.0.0\"}"
                                .formatted(number)
                        : "";
        String next =
                number + 1 < artifacts.size()
                        ? ", \"next\": \"%s?limit=1&cursor=%d\"".formatted(PLUGINS, number + 1)
                        : "";
        return "{\"plugins\": [%s]%s}".formatted(plugin, next).getBytes(StandardCharsets.UTF_8);
    }

    private String releases(String path) {
        int number = Integer.parseInt(path.substring((PLUGINS + "/load/p").length()));
        String hex = artifacts.keySet().stream().skip(number).findFirst().orElseThrow();
        return """
        {"namespace": "load", "name": "p%d",
         "releases": [{"version": "1.0.0", "digest": "sha256:%s", "size": %d}]}
        """
                .formatted(number, hex, artifacts.getOrDefault(hex, new byte[0]).length);
    }

    private void artifact(HttpExchange exchange) throws IOException {
        String hex = exchange.getRequestURI().getPath().substring(ARTIFACTS.length());
        byte[] content = artifacts.getOrDefault(hex, new byte[0]).clone();
        content[0] ^= (byte) (corrupt ? 1 : 0);
        exchange.getResponseHeaders().set("ETag", "\"sha256:" + hex + '"');
        String range = exchange.getRequestHeaders().getFirst("Range");
        served.incrementAndGet();
        clients.add(exchange.getRemoteAddress());
        if (exchange.getRequestHeaders().containsKey("If-None-Match")) {
            exchange.sendResponseHeaders(304, -1);
            exchange.close();
        } else if (range != null) {
            String[] bounds = range.substring("bytes=".length()).split("-", 2);
            exchange.getResponseHeaders()
                    .set(
                            "Content-Range",
                            "bytes " + bounds[0] + "-" + bounds[1] + "/" + content.length);
            int first = Integer.parseInt(bounds[0]);
            send(
                    exchange,
                    206,
                    Arrays.copyOfRange(content, first, Integer.parseInt(bounds[1]) + 1));
        } else {
            send(exchange, 200, content);
        }
    }

    /** A tenth of a second of CPU for an artifact. */
    private void metrics(HttpExchange exchange) throws IOException {
        String text =
                "# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total "
                        + (10 + served.get() / 10.0)
                        + "\n";
        send(exchange, 200, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
