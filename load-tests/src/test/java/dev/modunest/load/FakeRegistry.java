package dev.modunest.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A registry as far as load tests ask it, in memory; a {@link Fault} makes it answer wrongly. A
 * list that is its first request is refused by a rate limit once.
 */
final class FakeRegistry implements AutoCloseable {

    /** What is wrong. */
    enum Fault {
        FINDS_EVERYTHING,
        FIRST_PAGE_AGAIN,
        OTHER_RELEASE,
        OTHER_LOCK,
        OTHER_DIGEST,
        REFUSES,
        RATE_LIMITED,
        OLD_SERIAL,
        OLD_VERSION,
        NO_COOKIE,
        NO_TOKENS
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PLUGINS = "/api/v1/plugins";
    private static final String NAMESPACES = "/api/v1/namespaces";
    private static final String PUBLISHES = "/api/v1/publishes";
    private static final Set<String> ACCOUNTS =
            Set.of("/api/v1/accounts", "/sign-in", "/api/v1/account", "/api/v1/account/tokens");
    private static final int PAGE = 3;

    private final ConcurrentSkipListMap<String, List<String>> plugins =
            new ConcurrentSkipListMap<>();
    private final Map<String, byte[]> artifacts = new ConcurrentHashMap<>();
    private final Map<String, Integer> looks = new ConcurrentHashMap<>();
    private final Map<String, JsonNode> bundles = new ConcurrentHashMap<>();
    private final Set<String> signed = ConcurrentHashMap.newKeySet();
    private final AtomicLong claims = new AtomicLong();
    private final Set<Fault> faults = EnumSet.noneOf(Fault.class);
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final Set<String> conflicting = ConcurrentHashMap.newKeySet();
    private final AtomicLong serial = new AtomicLong(10);
    private final AtomicLong requests = new AtomicLong();
    private final AtomicBoolean limited = new AtomicBoolean();
    private final Map<String, Long> authenticated = new ConcurrentHashMap<>();
    private final FakeAccounts accounts = new FakeAccounts();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    /** With plugins of two versions each. */
    FakeRegistry(int count, Fault... faults) throws IOException {
        this.faults.addAll(List.of(faults));
        for (int i = 0; i < count; i++) {
            plugins.put("acme/green-p" + i, new CopyOnWriteArrayList<>(List.of("1.0.0", "1.1.0")));
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on nothing is resolved together with {@code plugin}. */
    void conflictWith(String plugin) {
        conflicting.add(plugin);
    }

    Set<String> tokens() {
        return tokens;
    }

    Set<String> plugins() {
        return plugins.keySet();
    }

    long requests() {
        return requests.get();
    }

    /** How often the path was asked for with a token. */
    long authenticated(String path) {
        return authenticated.getOrDefault(path, 0L);
    }

    /** The names of the accounts that were made. */
    Set<String> accounts() {
        return accounts.names();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders()
                .set(
                        "Registry-Serial",
                        Long.toString(faults.contains(Fault.OLD_SERIAL) ? 1 : serial.get()));
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        if (token != null) {
            tokens.add(token);
            authenticated.merge(path, 1L, Long::sum);
        }
        boolean first = requests.getAndIncrement() == 0;
        if (path.endsWith("/bundle")) {
            bundle(exchange, body);
        } else if (path.startsWith(NAMESPACES)) {
            namespaces(exchange);
        } else if (exchange.getRequestMethod().equals("PUT")) {
            publish(exchange, body);
        } else if (path.equals(PLUGINS) && first) {
            limited(exchange);
        } else if (path.equals(PLUGINS)) {
            search(exchange);
        } else if (path.startsWith("/api/v1/resolve")) {
            resolve(exchange, JSON.readTree(body));
        } else if (path.startsWith(PUBLISHES)) {
            publishes(exchange);
        } else if (ACCOUNTS.contains(path)) {
            accounts(exchange, body);
        } else if (path.startsWith("/index/")) {
            index(exchange, path.substring("/index/".length()));
        } else if (path.contains("/sha256/")) {
            artifact(exchange, path.substring(path.lastIndexOf('/') + 1));
        } else if (!path.startsWith(PLUGINS)) {
            send(exchange, 404, "{}");
        } else {
            document(exchange, path.substring(PLUGINS.length() + 1).split("/", 3));
        }
    }

    private static void limited(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", "0");
        send(exchange, 429, "{}");
    }

    private void search(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange);
        List<String> found =
                plugins.keySet().stream()
                        .filter(plugin -> matches(plugin, query.getOrDefault("q", "")))
                        .toList();
        int from = Integer.parseInt(query.getOrDefault("cursor", "0"));
        int to = Math.min(found.size(), from + PAGE);
        ObjectNode page = JSON.createObjectNode();
        ArrayNode list = page.putArray("plugins");
        int shown = faults.contains(Fault.FIRST_PAGE_AGAIN) ? 0 : from;
        found.subList(shown, shown + to - from).forEach(plugin -> list.add(plugin(plugin)));
        if (to < found.size()) {
            String raw = exchange.getRequestURI().getRawQuery().replaceFirst("&cursor=\\d+", "");
            page.put("next", PLUGINS + "?" + raw + "&cursor=" + to);
        }
        page.putObject("facets").putArray("category");
        send(exchange, 200, page.toString());
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        for (String parameter : exchange.getRequestURI().getRawQuery().split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    /** All words but the last whole. */
    private boolean matches(String plugin, String q) {
        if (faults.contains(Fault.FINDS_EVERYTHING) || q.equals(plugin)) {
            return true;
        }
        String text = " " + plugin.replaceAll("[/-]", " ") + " ";
        String[] words = q.split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            if (!text.contains(" " + words[i] + (i < words.length - 1 ? " " : ""))) {
                return false;
            }
        }
        return true;
    }

    private ObjectNode plugin(String plugin) {
        String[] parts = plugin.split("/", 2);
        ObjectNode document =
                JSON.createObjectNode()
                        .put("plugin", plugin)
                        .put("namespace", parts[0])
                        .put("name", parts[1])
                        .put("license", "Apache-2.0")
                        .put("latest_version", latest(plugin));
        document.putArray("categories").add("text");
        return document;
    }

    private String latest(String plugin) {
        List<String> versions = plugins.getOrDefault(plugin, List.of());
        return faults.contains(Fault.OLD_VERSION) ? "0.0.1" : versions.getLast();
    }

    private void document(HttpExchange exchange, String[] parts) throws IOException {
        String plugin = parts[0] + "/" + parts[1];
        List<String> versions = plugins.getOrDefault(plugin, List.of());
        if (versions.isEmpty() || (parts.length == 3 && !versions.contains(parts[2]))) {
            send(exchange, 404, "{}");
        } else if (parts.length == 3) {
            send(exchange, 200, release(plugin, parts[2]).toString());
        } else {
            ObjectNode document = plugin(plugin);
            ArrayNode releases = document.putArray("releases");
            versions.forEach(version -> releases.add(release(plugin, version)));
            send(exchange, 200, document.toString());
        }
    }

    private ObjectNode release(String plugin, String version) {
        String shown = faults.contains(Fault.OTHER_RELEASE) ? "9.9.9" : version;
        return JSON.createObjectNode()
                .put("coordinate", plugin + "@" + shown)
                .put("version", shown)
                .put("digest", "sha256:" + "ab".repeat(32))
                .put("size", 100);
    }

    private void index(HttpExchange exchange, String plugin) throws IOException {
        List<String> lines = new ArrayList<>();
        plugins.getOrDefault(plugin, List.of())
                .forEach(version -> lines.add(release(plugin, version) + "\n"));
        send(exchange, lines.isEmpty() ? 404 : 200, String.join("", lines));
    }

    private void resolve(HttpExchange exchange, JsonNode asked) throws IOException {
        if (exchange.getRequestURI().getPath().endsWith("/verify")) {
            ObjectNode valid = JSON.createObjectNode().put("valid", true);
            send(
                    exchange,
                    200,
                    valid.put("digest", digest(asked.path("lock").path("steps").toString()))
                            .toString());
            return;
        }
        ObjectNode lock = JSON.createObjectNode();
        ArrayNode steps = lock.putArray("steps");
        for (JsonNode requirement : asked.path("requirements")) {
            String plugin = requirement.path("plugin").asText();
            if (conflicting.contains(plugin)) {
                send(exchange, 409, "{\"detail\": \"" + plugin + " fits nothing\"}");
                return;
            }
            byte[] content = plugin.getBytes(StandardCharsets.UTF_8);
            artifacts.put(hex(content), content);
            steps.addObject()
                    .put("coordinate", plugin + "@1.1.0")
                    .put("digest", digestOf(content))
                    .put("size", content.length);
        }
        send(exchange, 200, lock.put("digest", digest(steps.toString())).toString());
    }

    /** Of an artifact, or wrongly of another. */
    private String digestOf(byte[] content) {
        return "sha256:" + (faults.contains(Fault.OTHER_DIGEST) ? "0".repeat(64) : hex(content));
    }

    private String digest(String text) {
        String other = faults.contains(Fault.OTHER_LOCK) ? "" + requests.get() : "";
        return "sha256:" + hex((text + other).getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void bundle(HttpExchange exchange, byte[] bundle) throws IOException {
        JsonNode json = JSON.readTree(bundle);
        byte[] payload = Base64.getDecoder().decode(json.at("/dsseEnvelope/payload").asText());
        bundles.put("sha256:" + hex(bundle), JSON.readTree(payload));
        send(exchange, 201, "{\"digest\": \"sha256:" + hex(bundle) + "\"}");
    }

    /** The first is taken, and certified all the same. */
    private void namespaces(HttpExchange exchange) throws IOException {
        if (faults.contains(Fault.REFUSES)) {
            send(exchange, 403, "{\"type\": \"https://modunest.dev/problems/sign-in-stale\"}");
        } else if (exchange.getRequestURI().getPath().equals(NAMESPACES)) {
            boolean first = claims.getAndIncrement() == 0;
            send(
                    exchange,
                    first ? 409 : 201,
                    "{\"type\": \"https://modunest.dev/problems/name-taken\"}");
        } else {
            send(
                    exchange,
                    201,
                    "{\"certificate\":\"-----BEGIN CERTIFICATE-----\\nAAAA\\nAAAA\\n-----END CERTIFICATE-----\\n\"}");
        }
    }

    /** The plugins that were published with a statement about their bytes. */
    Set<String> signed() {
        return signed;
    }

    /** At once, or with {@code respond-async} after a first look at the publish. */
    private void publish(HttpExchange exchange, byte[] jar) throws IOException {
        if (faults.contains(Fault.RATE_LIMITED)) {
            limited(exchange);
            return;
        }
        String path = exchange.getRequestURI().getPath();
        String[] parts = path.substring(PLUGINS.length() + 1).split("/", 3);
        artifacts.put(hex(jar), jar);
        String bundle = exchange.getRequestHeaders().getFirst("Publisher-Bundle");
        JsonNode statement = bundle == null ? null : bundles.get(bundle);
        if (statement != null
                && statement.at("/subject/0/digest/sha256").asText().equals(hex(jar))) {
            signed.add(parts[0] + "/" + parts[1]);
        }
        plugins.computeIfAbsent(parts[0] + "/" + parts[1], _ -> new CopyOnWriteArrayList<>())
                .add(parts[2]);
        boolean later = "respond-async".equals(exchange.getRequestHeaders().getFirst("Prefer"));
        String name = String.join("-", parts);
        exchange.getResponseHeaders().set("Location", later ? PUBLISHES + "/" + name : path);
        exchange.getResponseHeaders()
                .set("Registry-Serial", Long.toString(serial.incrementAndGet()));
        String digest = faults.contains(Fault.OTHER_DIGEST) ? "sha256:0" : "sha256:" + hex(jar);
        send(exchange, later ? 202 : 201, "{\"digest\": \"" + digest + "\"}");
    }

    private void publishes(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String state = faults.contains(Fault.REFUSES) ? "refused" : "live";
        if (path.equals(PUBLISHES)) {
            send(exchange, 200, "{\"publishes\": [{\"state\": \"live\"}]}");
        } else if ("text/event-stream".equals(exchange.getRequestHeaders().getFirst("Accept"))) {
            send(exchange, 200, event("queued") + event(state));
        } else if (looks.merge(path, 1, Integer::sum) == 1) {
            exchange.getResponseHeaders().set("Retry-After", "0");
            send(exchange, 200, "{\"state\": \"queued\"}");
        } else {
            send(exchange, 200, "{\"state\": \"" + state + "\"}");
        }
    }

    private static String event(String state) {
        return "event: state\ndata: {\"state\":\"" + state + "\"}\n\n";
    }

    /** The first account that is made is refused by a rate limit once. */
    private void accounts(HttpExchange exchange, byte[] body) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        if (request.equals("POST /api/v1/accounts") && limited.compareAndSet(false, true)) {
            limited(exchange);
            return;
        }
        FakeAccounts.Answer answer = account(request, exchange.getRequestHeaders(), body);
        if (!answer.cookie().isEmpty() && !faults.contains(Fault.NO_COOKIE)) {
            exchange.getResponseHeaders().set("Set-Cookie", answer.cookie());
        }
        send(exchange, answer.status(), answer.body());
    }

    private FakeAccounts.Answer account(String request, Headers headers, byte[] body)
            throws IOException {
        return switch (request) {
            case "POST /api/v1/accounts" -> accounts.create(headers, body);
            case "POST /sign-in" -> accounts.signIn(headers, body);
            case "POST /api/v1/account/tokens" ->
                    faults.contains(Fault.REFUSES)
                            ? FakeAccounts.Answer.problem(409, "too many")
                            : accounts.makeToken(headers);
            case "GET /api/v1/account" -> new FakeAccounts.Answer(200, "{\"account\": \"amy\"}");
            default -> new FakeAccounts.Answer(200, listOfTokens());
        };
    }

    private String listOfTokens() {
        return faults.contains(Fault.NO_TOKENS)
                ? "{\"tokens\": []}"
                : "{\"tokens\": [{\"id\": 1}]}";
    }

    private void artifact(HttpExchange exchange, String hex) throws IOException {
        byte[] content = artifacts.getOrDefault(hex, new byte[0]);
        exchange.sendResponseHeaders(content.length == 0 ? 404 : 200, content.length);
        exchange.getResponseBody().write(content);
        exchange.close();
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
