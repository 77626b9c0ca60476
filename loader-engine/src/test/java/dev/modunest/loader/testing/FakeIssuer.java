package dev.modunest.loader.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.modunest.loader.HostCredentials;
import dev.modunest.loader.HostKey;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * What a registry knows of hosts, on a free port: enrols them and gives them tokens for assertions
 * that it verifies itself. Its Date header is by the system's clock. Thread-safe.
 */
public final class FakeIssuer implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Base64.Decoder BASE64 = Base64.getUrlDecoder();

    /** Of a SubjectPublicKeyInfo with an Ed25519 key (RFC 8410), the 32 bytes follow. */
    private static final String SPKI = "302a300506032b6570032100";

    private final InstantSource clock;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, PublicKey> hosts = new ConcurrentHashMap<>();
    private final Set<String> codes = ConcurrentHashMap.newKeySet();
    private final Set<String> assertions = ConcurrentHashMap.newKeySet();
    private final List<String> answers = new CopyOnWriteArrayList<>();
    private final List<String> issued = new CopyOnWriteArrayList<>();
    private final Queue<Canned> canned = new ArrayDeque<>();

    private record Canned(int status, String body) {}

    public FakeIssuer(InstantSource clock) throws IOException {
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/oauth/token", this::token);
        server.createContext("/api/v1/hosts/enrol", this::enrol);
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A code that enrols one host. */
    public String newCode() {
        String code = "mne_" + UUID.randomUUID().toString().replace("-", "") + "0".repeat(17);
        codes.add(code);
        return code;
    }

    /** A host that is known, whose tokens go to {@code origins}. */
    public HostCredentials host(URI... origins) {
        HostKey key = HostKey.generate();
        String id = UUID.randomUUID().toString();
        hosts.put(id, publicKey(key.publicKey()));
        return new HostCredentials(id, "test", uri(), Set.of(origins), key);
    }

    public void revoke(HostCredentials host) {
        hosts.remove(host.host());
    }

    public void allow(HostCredentials host) {
        hosts.put(host.host(), publicKey(host.key().publicKey()));
    }

    /** The next request for a token is answered so. */
    public void answer(int status, String body) {
        synchronized (canned) {
            canned.add(new Canned(status, body));
        }
    }

    /** What became of each request for a token: {@code issued} or why not. */
    public List<String> answers() {
        return List.copyOf(answers);
    }

    /** Whether {@code authorization} is the newest token. */
    public boolean isNewest(String authorization) {
        return !issued.isEmpty() && authorization.equals("Bearer " + issued.getLast());
    }

    private static PublicKey publicKey(byte[] x) {
        try {
            byte[] spki = HexFormat.of().parseHex(SPKI + HexFormat.of().formatHex(x));
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
        } catch (GeneralSecurityException unsound) {
            throw new IllegalArgumentException(unsound);
        }
    }

    private void enrol(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        JsonNode key = body.path("public_key");
        if (!codes.remove(body.path("code").asText())) {
            send(
                    exchange,
                    403,
                    """
                    {"type": "https://modunest.dev/problems/enrolment-code-unusable",
                     "title": "No", "status": 403, "detail": "The code is used, expired or unknown."}
                    """);
        } else if (key.path("kty").asText().equals("OKP")
                && key.path("crv").asText().equals("Ed25519")
                && !body.path("name").asText().isEmpty()
                && key.size() == 3) {
            String id = UUID.randomUUID().toString();
            hosts.put(id, publicKey(BASE64.decode(key.path("x").asText())));
            send(exchange, 201, "{\"host\": \"" + id + "\", \"issuer\": \"" + uri() + "\"}");
        } else {
            send(exchange, 400, "{}");
        }
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(exchange);
        Canned next;
        synchronized (canned) {
            next = canned.poll();
        }
        if (next != null) {
            answers.add("canned");
            send(exchange, next.status(), next.body());
            return;
        }
        String fault = fault(form);
        answers.add(fault.isEmpty() ? "issued" : fault);
        if (fault.isEmpty()) {
            String token = UUID.randomUUID().toString();
            issued.add(token);
            send(
                    exchange,
                    200,
                    "{\"access_token\": \""
                            + token
                            + "\", \"token_type\": \"Bearer\", \"expires_in\": 900}");
        } else {
            send(
                    exchange,
                    401,
                    "{\"error\": \"invalid_client\", \"error_description\": \"" + fault + "\"}");
        }
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> form = new HashMap<>();
        for (String field : Pattern.compile("&").splitAsStream(body).toList()) {
            int equals = field.indexOf('=');
            form.put(
                    field.substring(0, equals),
                    URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return form;
    }

    /** What is wrong with an assertion; empty when nothing is. */
    private String fault(Map<String, String> form) throws IOException {
        if (!"client_credentials".equals(form.get("grant_type"))
                || !"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                        .equals(form.get("client_assertion_type"))) {
            return "another grant";
        }
        String assertion = form.getOrDefault("client_assertion", "");
        List<String> parts = Pattern.compile("\\.").splitAsStream(assertion).toList();
        JsonNode header = JSON.readTree(BASE64.decode(parts.get(0)));
        JsonNode claims = JSON.readTree(BASE64.decode(parts.get(1)));
        PublicKey key = hosts.get(claims.path("iss").asText());
        long now = clock.instant().getEpochSecond();
        long exp = claims.path("exp").asLong();
        if (key == null || !claims.path("sub").equals(claims.path("iss"))) {
            return "unknown host";
        }
        if (!header.path("alg").asText().equals("EdDSA") || !verifies(key, parts)) {
            return "bad signature";
        }
        if (!claims.path("aud").asText().equals(uri().toString())) {
            return "another audience";
        }
        if (exp <= now || exp > now + 300) {
            return "bad exp";
        }
        if (exp - claims.path("iat").asLong() != 60) {
            return "another lifetime";
        }
        return assertions.add(claims.path("jti").asText()) ? "" : "replay";
    }

    private static boolean verifies(PublicKey key, List<String> parts) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(
                    (parts.get(0) + "." + parts.get(1)).getBytes(StandardCharsets.US_ASCII));
            return verifier.verify(BASE64.decode(parts.get(2)));
        } catch (GeneralSecurityException garbage) {
            return false;
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
