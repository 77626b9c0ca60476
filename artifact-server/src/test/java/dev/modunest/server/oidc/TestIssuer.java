package dev.modunest.server.oidc;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An issuer that lies, stalls and floods on demand; honest ones are Keycloak's part. */
final class TestIssuer implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    static final String CLIENT = "modunest";

    /** One key pair of 2048 bits for all tests, since making one takes time. */
    static final KeyPair RSA = keyPair("RSA", 2048);

    /** Answers a request. */
    interface Answer {
        void give(HttpExchange exchange) throws IOException;
    }

    /** A request as it came. */
    record Request(String path, String authorization, String body) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Map<String, Object>> keys = new CopyOnWriteArrayList<>();
    private final Map<String, Object> metadata = new ConcurrentHashMap<>();

    TestIssuer() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        metadata.put("issuer", uri().toString());
        metadata.put("authorization_endpoint", uri() + "/authorize");
        metadata.put("token_endpoint", uri() + "/token");
        metadata.put("jwks_uri", uri() + "/keys");
        keys.add(jwk("rsa-1", RSA.getPublic()));
        answer(
                "/.well-known/openid-configuration",
                exchange -> send(exchange, 200, JSON.writeValueAsBytes(metadata)));
        answer(
                "/keys",
                exchange -> send(exchange, 200, JSON.writeValueAsBytes(Map.of("keys", keys))));
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What the discovery document says; may be changed. */
    Map<String, Object> metadata() {
        return metadata;
    }

    /** The published keys; may be changed. */
    List<Map<String, Object>> keys() {
        return keys;
    }

    void answer(String path, Answer answer) {
        answers.put(path, answer);
    }

    void answer(String path, int status, String body) {
        answer(path, exchange -> send(exchange, status, body.getBytes(StandardCharsets.UTF_8)));
    }

    List<Request> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    /** A token that holds, for {@link #CLIENT} and now; to be changed and signed. */
    JWTCreator.Builder token() {
        return JWT.create()
                .withKeyId("rsa-1")
                .withIssuer(uri().toString())
                .withSubject("s-1")
                .withAudience(CLIENT)
                .withIssuedAt(NOW)
                .withExpiresAt(NOW.plusSeconds(300));
    }

    static Algorithm rs256() {
        return Algorithm.RSA256((RSAPublicKey) RSA.getPublic(), (RSAPrivateKey) RSA.getPrivate());
    }

    static KeyPair keyPair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static KeyPair ecKeyPair(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** RFC 7517; to be changed. */
    static Map<String, Object> jwk(String id, PublicKey key) {
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kid", id);
        switch (key) {
            case RSAPublicKey rsa -> {
                jwk.put("kty", "RSA");
                jwk.put("n", base64(rsa.getModulus(), 0));
                jwk.put("e", base64(rsa.getPublicExponent(), 0));
            }
            case ECPublicKey ec -> {
                int bytes = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
                jwk.put("kty", "EC");
                jwk.put("crv", bytes == 32 ? "P-256" : "P-384");
                jwk.put("x", base64(ec.getW().getAffineX(), bytes));
                jwk.put("y", base64(ec.getW().getAffineY(), bytes));
            }
            case EdECPublicKey _ -> {
                byte[] encoded = key.getEncoded();
                jwk.put("kty", "OKP");
                jwk.put("crv", "Ed25519");
                jwk.put(
                        "x",
                        base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
            }
            default -> throw new IllegalArgumentException(key.getAlgorithm());
        }
        return jwk;
    }

    private static String base64(BigInteger number, int bytes) {
        byte[] signed = number.toByteArray();
        int length = bytes == 0 ? (number.bitLength() + 7) / 8 : bytes;
        byte[] unsigned = new byte[length];
        int taken = Math.min(signed.length, length);
        System.arraycopy(signed, signed.length - taken, unsigned, length - taken, taken);
        return base64(unsigned);
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(
                new Request(
                        path,
                        authorization == null ? "" : authorization,
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        answers.getOrDefault(path, unknown -> send(unknown, 404, new byte[0])).give(exchange);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
