package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Digest;
import dev.modunest.format.http.SignedArtifactUrl;
import dev.modunest.format.resolve.LockJson;
import dev.modunest.format.sign.Ed25519KeySet;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.VerifyingKey;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** URLs that prove that who has them may read an artifact, and edges that keep private ones. */
class SignedUrlIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COUNTS = "token-of-counting-edges";
    private static final String COPIES = "token-of-keeping-edges";

    private static TestRegistry registry;
    private static String alice;
    private static byte[] secret;
    private static byte[] open;

    @BeforeAll
    static void start() {
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_DOWNLOADS_TOKEN", COUNTS,
                                "MODUNEST_PRIVATE_ARTIFACTS_EDGE_TOKEN", COPIES,
                                "MODUNEST_PRIVATE_ARTIFACTS_URL_LIFETIME", "5m"));
        alice = registry.newAccount("alice");
        secret = TestJars.library("veiled/tool@1.0.0");
        open = TestJars.library("seen/tool@1.0.0");
        registry.publishAs(alice, "veiled/tool@1.0.0", secret);
        registry.publishAs(alice, "seen/tool@1.0.0", open);
        assertThat(
                        registry.call(
                                        alice,
                                        "PATCH",
                                        "/api/v1/namespaces/veiled",
                                        "{\"private\": true}")
                                .statusCode())
                .isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static HttpResponse<byte[]> as(String token, String path) {
        return registry.get(path, "Authorization", "Bearer " + token);
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.statusCode()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static String urlOf(String release) throws IOException {
        return json(as(alice, "/api/v1/plugins/" + release)).path("url").asText();
    }

    private static SignedArtifactUrl parsed(String url, byte[] jar) {
        return SignedArtifactUrl.parse(Digest.ofBytes(jar), url.substring(url.indexOf('?') + 1))
                .orElseThrow();
    }

    private static Map<String, VerifyingKey> keys() {
        HttpResponse<byte[]> set = registry.get("/.well-known/artifact-url-keys.json");
        assertThat(set.headers().firstValue("Content-Type")).hasValue("application/jwk-set+json");
        return Ed25519KeySet.read(set.body());
    }

    @Test
    void whoMayReadGetsAUrlThatNeedsNothingElse() throws IOException {
        String url = urlOf("veiled/tool/1.0.0");
        HttpResponse<byte[]> bytes = registry.get(url);
        assertThat(bytes.statusCode()).isEqualTo(200);
        assertThat(bytes.body()).isEqualTo(secret);
        assertThat(bytes.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
        assertThat(bytes.headers().firstValue("Registry-Access")).isEmpty();
        assertThat(registry.head(url).statusCode()).isEqualTo(200);
        assertThat(registry.get(url, "Range", "bytes=0-9").body()).hasSize(10);
        assertThat(registry.get(registry.artifactPath(secret)).statusCode()).isEqualTo(404);
        assertThat(Duration.between(Instant.now(), parsed(url, secret).expiresAt()).toSeconds())
                .isBetween(100L, 300L);
    }

    @Test
    void itVerifiesByThePublishedKeysWithoutTheServer() throws IOException {
        SignedArtifactUrl url = parsed(urlOf("veiled/tool/1.0.0"), secret);
        assertThat(keys()).containsKey(url.kid());
        VerifyingKey key = Objects.requireNonNull(keys().get(url.kid()));
        assertThat(url.proves(key, Instant.now())).isTrue();
    }

    @Test
    void keysOfUrlsAreNoKeysOfTokens() throws IOException {
        assertThat(Ed25519KeySet.read(registry.get("/.well-known/jwks.json").body())).isEmpty();
        assertThat(json(registry.get("/.well-known/jwks.json")).path("keys")).isNotEmpty();
    }

    @Test
    void aPlanHasSignedUrlsOfWhatIsPrivateAndOneDigest() throws IOException {
        String body =
                "{\"requirements\":[{\"plugin\":\"veiled/tool\",\"range\":\"*\"},{\"plugin\":\"seen/tool\",\"range\":\"*\"}]}";
        HttpResponse<byte[]> plan = registry.call(alice, "POST", "/api/v1/resolve", body);
        JsonNode steps = json(plan).path("steps");
        assertThat(steps).hasSize(2);
        for (JsonNode step : steps) {
            boolean signed = step.path("url").asText().contains("?");
            assertThat(signed).isEqualTo(step.path("coordinate").asText().startsWith("veiled/"));
            assertThat(registry.get(step.path("url").asText()).statusCode()).isEqualTo(200);
        }
        String text = new String(plan.body(), StandardCharsets.UTF_8);
        assertThat(LockJson.digest(LockJson.read(text)))
                .hasToString(json(plan).path("digest").asText());
        assertThat(
                        registry.call(
                                        alice,
                                        "POST",
                                        "/api/v1/resolve/verify",
                                        "{\"lock\":" + text + "}")
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatEverybodyMayReadHasPlainUrls() throws IOException {
        assertThat(urlOf("seen/tool/1.0.0")).isEqualTo(registry.artifactPath(open));
    }

    @Test
    void whatIsNoProofChangesNothing() throws IOException {
        String url = urlOf("veiled/tool/1.0.0");
        String query = url.substring(url.indexOf('?'));
        SignedArtifactUrl good = parsed(url, secret);
        SignedArtifactUrl foreign =
                SignedArtifactUrl.sign(
                        good.digest(),
                        good.expiresAt(),
                        good.kid(),
                        new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519)));
        SignedArtifactUrl unknown =
                SignedArtifactUrl.sign(
                        good.digest(),
                        good.expiresAt(),
                        "A".repeat(43),
                        new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519)));
        for (String bad :
                new String[] {
                    foreign.toString(),
                    unknown.toString(),
                    url.replace("exp=1", "exp=2"),
                    url + "&a=b",
                    url.substring(0, url.length() - 1),
                }) {
            assertThat(registry.get(bad).statusCode()).as(bad).isEqualTo(404);
            assertThat(as(alice, bad).statusCode()).as(bad).isEqualTo(200);
        }
        assertThat(registry.get("/artifacts/sha256/" + "0".repeat(64) + query).statusCode())
                .isEqualTo(404);
        assertThat(registry.get(registry.artifactPath(open) + query).statusCode()).isEqualTo(200);
    }

    @Test
    void anEdgeThatKeepsPrivateArtifactsIsToldThatTheyAre() {
        HttpResponse<byte[]> bytes = as(COPIES, registry.artifactPath(secret));
        assertThat(bytes.body()).isEqualTo(secret);
        assertThat(bytes.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
        assertThat(bytes.headers().firstValue("Registry-Access")).hasValue("private");

        HttpResponse<byte[]> publicBytes = as(COPIES, registry.artifactPath(open));
        assertThat(publicBytes.headers().firstValue("Registry-Access")).isEmpty();
        assertThat(publicBytes.headers().firstValue("Cache-Control").orElseThrow())
                .startsWith("public");
    }

    @Test
    void anEdgeReadsNothingElseOfAPrivateNamespace() {
        for (String path :
                new String[] {"/index/veiled/tool", "/api/v1/plugins/veiled/tool/1.0.0"}) {
            assertThat(as(COPIES, path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(as(COUNTS, registry.artifactPath(secret)).statusCode()).isEqualTo(404);
    }
}
