package dev.modunest.server;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A CI provider: discovery, one RSA key, and ID tokens as GitHub Actions makes them. */
final class CiIssuer implements AutoCloseable {

    static final String AUDIENCE = "https://registry.example";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KeyPair key = rsa();
    private final HttpServer server;

    CiIssuer() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.createContext(
                "/.well-known/openid-configuration",
                exchange ->
                        send(
                                exchange,
                                Map.of(
                                        "issuer",
                                        uri().toString(),
                                        "jwks_uri",
                                        uri() + "/keys",
                                        "authorization_endpoint",
                                        uri() + "/none")));
        server.createContext(
                "/keys",
                exchange ->
                        send(
                                exchange,
                                Map.of(
                                        "keys",
                                        List.of(
                                                Map.of(
                                                        "kid",
                                                        "ci-1",
                                                        "kty",
                                                        "RSA",
                                                        "n",
                                                        base64(publicKey().getModulus()),
                                                        "e",
                                                        base64(
                                                                publicKey()
                                                                        .getPublicExponent()))))));
        server.start();
    }

    static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    RSAPublicKey publicKey() {
        return (RSAPublicKey) key.getPublic();
    }

    Algorithm algorithm() {
        return Algorithm.RSA256(publicKey(), (RSAPrivateKey) key.getPrivate());
    }

    /** A token that holds for 5 minutes and says nothing of a job. */
    JWTCreator.Builder token() {
        Instant now = Instant.now();
        return JWT.create()
                .withKeyId("ci-1")
                .withIssuer(uri().toString())
                .withSubject("job")
                .withAudience(AUDIENCE)
                .withJWTId(UUID.randomUUID().toString())
                .withIssuedAt(now)
                .withExpiresAt(now.plusSeconds(300));
    }

    /** A token of a job of the repository octo/tool, which is 4711 of the owner 42. */
    JWTCreator.Builder github() {
        return github("octo/tool")
                .withClaim("repository_id", "4711")
                .withClaim("repository_owner_id", "42");
    }

    /** The same without ids, of a repository of that name. */
    JWTCreator.Builder github(String repository) {
        return token().withClaim("repository", repository)
                .withClaim("environment", "production")
                .withClaim(
                        "job_workflow_ref",
                        repository + "/.github/workflows/release.yml@refs/heads/main");
    }

    private static String base64(BigInteger number) {
        byte[] signed = number.toByteArray();
        int zeros = signed[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOfRange(signed, zeros, signed.length));
    }

    private static void send(HttpExchange exchange, Map<String, Object> document)
            throws IOException {
        byte[] body = JSON.writeValueAsBytes(document);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
