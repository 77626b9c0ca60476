package dev.modunest.standalone;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
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

/** A CI that runs jobs of the repository octo/tool, number 4711, as GitHub Actions does. */
final class TrialCi implements AutoCloseable {

    static final String TRUSTED =
            """
            {"provider": "github", "claims": {"repository_id": "4711", "repository_owner_id": 42,
             "workflow": "release.yml"}}
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KeyPair key;
    private final HttpServer server;

    TrialCi() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        this.key = generator.generateKeyPair();
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(
                "/.well-known/openid-configuration",
                Map.of(
                        "issuer", uri().toString(),
                        "jwks_uri", uri() + "/keys",
                        "authorization_endpoint", uri() + "/none"));
        RSAPublicKey rsa = (RSAPublicKey) key.getPublic();
        answer(
                "/keys",
                Map.of(
                        "keys",
                        List.of(
                                Map.of(
                                        "kid",
                                        "ci-1",
                                        "kty",
                                        "RSA",
                                        "n",
                                        base64(rsa.getModulus()),
                                        "e",
                                        base64(rsa.getPublicExponent())))));
        server.start();
    }

    private void answer(String path, Map<String, Object> document) throws IOException {
        byte[] body = JSON.writeValueAsBytes(document);
        server.createContext(
                path,
                exchange -> {
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
    }

    private static String base64(BigInteger number) {
        byte[] signed = number.toByteArray();
        int zeros = signed[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOfRange(signed, zeros, signed.length));
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The environment of a job that has its ID token. */
    Map<String, String> job(String audience) {
        Instant now = Instant.now();
        String token =
                JWT.create()
                        .withKeyId("ci-1")
                        .withIssuer(uri().toString())
                        .withSubject("job")
                        .withAudience(audience)
                        .withJWTId(UUID.randomUUID().toString())
                        .withIssuedAt(now)
                        .withExpiresAt(now.plusSeconds(300))
                        .withClaim("repository", "octo/tool")
                        .withClaim("repository_id", "4711")
                        .withClaim("repository_owner_id", "42")
                        .withClaim(
                                "job_workflow_ref",
                                "octo/tool/.github/workflows/release.yml@refs/heads/main")
                        .sign(
                                Algorithm.RSA256(
                                        (RSAPublicKey) key.getPublic(),
                                        (RSAPrivateKey) key.getPrivate()));
        return Map.of("MODUNEST_ID_TOKEN", token, "GITHUB_SHA", "0".repeat(40));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
