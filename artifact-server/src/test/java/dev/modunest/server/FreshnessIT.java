package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.NamespaceOwner;
import dev.modunest.format.trust.RefusalCode;
import dev.modunest.format.trust.ReleaseEvidence;
import dev.modunest.format.trust.ReleaseVerifier;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.TrustPolicy;
import dev.modunest.format.trust.Verdict;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.x509.PathRules;
import dev.modunest.format.trust.x509.RevocationList;
import dev.modunest.server.attest.CheckPolicy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What hosts are told by TUF, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FreshnessIT {

    private TestRegistry registry;
    private TestHost host;

    @BeforeAll
    void start() {
        registry = TestRegistry.start(Map.of("MODUNEST_FRESHNESS_INTERVAL", "50ms"));
        host = TestHost.of(registry);
    }

    @AfterAll
    void stop() {
        registry.close();
    }

    private JsonNode awaitIndex(String plugin, String pointer, String value) {
        Awaiting.until(
                () ->
                        host.index(plugin)
                                .filter(index -> index.at(pointer).asText().equals(value))
                                .isPresent());
        return host.index(plugin).orElseThrow();
    }

    private boolean revoked(byte[] jar) {
        return host.json("revoked.json")
                .orElseThrow()
                .path("artifacts")
                .findValuesAsText("digest")
                .contains(Digest.ofBytes(jar).toString());
    }

    private void patch(String coordinate, String body) {
        HttpResponse<byte[]> answer =
                registry.call(
                        registry.token(),
                        "PATCH",
                        "/api/v1/plugins/" + coordinate.replace('@', '/'),
                        body);
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
    }

    @Test
    void aReleaseIsToldWithItsDigestAndLevel() {
        byte[] jar = registry.published("acme/told@1.0.0");
        JsonNode index = awaitIndex("acme/told", "/releases/0/version", "1.0.0");
        assertThat(index.path("index_version").asInt()).isEqualTo(1);
        assertThat(index.path("plugin").asText()).isEqualTo("acme/told");
        assertThat(index.at("/identities/0").asText())
                .isEqualTo("https://localhost/publishers/acme");
        assertThat(index.at("/trusted_publishing/required").asBoolean(true)).isFalse();
        JsonNode release = index.at("/releases/0");
        assertThat(release.path("digest").asText()).isEqualTo(Digest.ofBytes(jar).toString());
        assertThat(release.path("size").asInt()).isEqualTo(jar.length);
        assertThat(release.path("status").asText()).isEqualTo("live");
        assertThat(release.path("level").asText()).isEqualTo("PS_L1");
        assertThat(release.path("permissions").isArray()).isTrue();
        assertThat(Instant.parse(release.path("published_at").asText())).isNotNull();
        assertThat(release.has("reason")).isFalse();
        registry.published("acme/told@1.1.0");
        awaitIndex("acme/told", "/releases/1/version", "1.1.0");
    }

    @Test
    void yanksAndQuarantinesAreToldAndTakenBack() {
        byte[] jar = registry.published("acme/bad@1.0.0");
        patch("acme/bad@1.0.0", "{\"yanked\": {\"reason\": \"slow\"}}");
        JsonNode yanked = awaitIndex("acme/bad", "/releases/0/status", "yanked");
        assertThat(yanked.at("/releases/0/reason").asText()).isEqualTo("slow");
        assertThat(revoked(jar)).isFalse();
        patch("acme/bad@1.0.0", "{\"quarantined\": {\"reason\": \"steals\"}}");
        awaitIndex("acme/bad", "/releases/0/status", "quarantined");
        Awaiting.until(() -> revoked(jar));
        assertThat(host.json("revoked.json").orElseThrow().path("artifacts"))
                .filteredOn(one -> one.path("coordinate").asText().equals("acme/bad@1.0.0"))
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.path("reason").asText()).isEqualTo("steals");
                            assertThat(Instant.parse(one.path("at").asText())).isNotNull();
                        });
        patch("acme/bad@1.0.0", "{\"quarantined\": null}");
        awaitIndex("acme/bad", "/releases/0/status", "yanked");
        Awaiting.until(() -> !revoked(jar));
    }

    @Test
    void aPrivateNamespaceLeavesAndComesBack() {
        registry.published("hide/thing@1.0.0");
        awaitIndex("hide/thing", "/releases/0/status", "live");
        registry.execute(
                "update releases set deleted_reason = 'x', deleted_at = now() where plugin_id = (select id from plugins where namespace = 'hide')");
        hide(true);
        Awaiting.until(() -> host.index("hide/thing").isEmpty());
        JsonNode revoked = host.json("revoked.json").orElseThrow();
        assertThat(revoked.path("artifacts").findValuesAsText("coordinate"))
                .noneMatch(coordinate -> coordinate.startsWith("hide/"));
        hide(false);
        awaitIndex("hide/thing", "/releases/0/status", "deleted");
        registry.published("hide/other@1.0.0");
        awaitIndex("hide/other", "/releases/0/status", "live");
        hide(true);
        Awaiting.until(() -> host.index("hide/other").isEmpty());
    }

    private void hide(boolean hidden) {
        HttpResponse<byte[]> answer =
                registry.call(
                        registry.token(),
                        "PATCH",
                        "/api/v1/namespaces/hide",
                        "{\"private\": " + hidden + "}");
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void whoMayPublishFromWhereIsTold() {
        registry.published("acme/built@1.0.0");
        awaitIndex("acme/built", "/trusted_publishing/required", "false");
        String path = "/api/v1/plugins/acme/built";
        HttpResponse<byte[]> trusted =
                registry.call(
                        registry.token(),
                        "POST",
                        path + "/trusted-publishers",
                        "{\"provider\": \"github\", \"claims\": {\"repository_id\": \"4711\", \"repository_owner_id\": \"1\", \"workflow\": \"release.yml\"}}");
        assertThat(trusted.statusCode())
                .as(new String(trusted.body(), StandardCharsets.UTF_8))
                .isEqualTo(201);
        awaitIndex("acme/built", "/trusted_publishing/repository_ids/0", "4711");
        assertThat(
                        registry.call(
                                        registry.token(),
                                        "PUT",
                                        path + "/trusted-publishing-only",
                                        "")
                                .statusCode())
                .isEqualTo(200);
        awaitIndex("acme/built", "/trusted_publishing/required", "true");
    }

    @Test
    void filesHaveTagsAndAreKeptAsLongAsTheyAreTrue() {
        HttpResponse<byte[]> timestamp = registry.get("/tuf/timestamp.json");
        assertThat(timestamp.headers().firstValue("Cache-Control"))
                .contains("public, max-age=1, stale-if-error=86400");
        assertThat(timestamp.headers().firstValue("Content-Type")).contains("application/json");
        HttpResponse<byte[]> root = registry.get("/tuf/1.root.json");
        String tag = root.headers().firstValue("ETag").orElseThrow();
        assertThat(tag).isEqualTo(Digest.ofBytes(root.body()).entityTag());
        assertThat(root.headers().firstValue("Cache-Control"))
                .get()
                .asString()
                .contains("immutable");
        assertThat(registry.get("/tuf/1.root.json", "If-None-Match", tag).statusCode())
                .isEqualTo(304);
        assertThat(registry.head("/tuf/1.root.json").headers().firstValue("Content-Length"))
                .contains(Integer.toString(root.body().length));
        String policy = "/tuf/targets/" + CheckPolicy.digest().hex() + ".policy.json";
        assertThat(registry.get(policy).body()).isEqualTo(CheckPolicy.document());
        assertThat(host.target("policy.json")).contains(CheckPolicy.document());
        for (String path :
                List.of(
                        "/tuf/2.root.json",
                        "/tuf/targets/index/acme/none.json",
                        "/tuf/targets/%00",
                        "/tuf/x%20y")) {
            TestRegistry.assertProblem(
                    registry.get(path), 404, "tuf-file-unknown", "/tuf/timestamp.json");
        }
        assertThat(registry.metric("modunest_tuf_timestamp_age_seconds{state=\"published\""))
                .isTrue();
        assertThat(registry.metric("modunest_tuf_last_batch_timestamp_seconds{state=\"published\""))
                .isTrue();
    }

    /** A publisher with a certificate of the registry, which can be revoked. */
    private record Certified(String token, String serial, TestPublisher publisher) {}

    private Certified certified(String namespace) {
        registry.newAccount(namespace);
        String token;
        try (BadTokens tokens = new BadTokens(registry, namespace)) {
            token = tokens.issued(Instant.now(), tokens.ours(), tokens.session());
        }
        TestPublisher own = TestPublisher.certified(registry.uri("/"), token, namespace);
        return new Certified(token, own.certificate().serial().toString(16), own);
    }

    private void publish(Certified by, Coordinate coordinate, byte[] jar) {
        String path = "/api/v1/plugins/" + coordinate.plugin() + "/" + coordinate.version();
        ReleaseBundle bundle = by.publisher().sign(coordinate, jar);
        HttpResponse<byte[]> sent =
                registry.send(
                        registry.request(path + "/bundle")
                                .header("Authorization", "Bearer " + by.token())
                                .header("Content-Type", ReleaseBundle.MEDIA_TYPE)
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(bundle.bytes())));
        assertThat(sent.statusCode())
                .as(new String(sent.body(), StandardCharsets.UTF_8))
                .isEqualTo(201);
        HttpResponse<byte[]> published =
                registry.publishAs(
                        by.token(),
                        coordinate.toString(),
                        jar,
                        "Publisher-Bundle",
                        StrictJson.object(sent.body()).path("digest").asText());
        assertThat(published.statusCode())
                .as(new String(published.body(), StandardCharsets.UTF_8))
                .isEqualTo(201);
    }

    private void revoke(Certified who, String namespace, Instant invalidFrom) {
        HttpResponse<byte[]> answer =
                registry.call(
                        who.token(),
                        "POST",
                        "/api/v1/namespaces/"
                                + namespace
                                + "/certificates/"
                                + who.serial()
                                + "/revocation",
                        "{\"reason\": \"key-compromise\", \"invalidity_date\": \""
                                + invalidFrom
                                + "\"}");
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
    }

    /** As a host does with nothing but the first root. */
    private Verdict verify(Coordinate coordinate, byte[] jar) {
        TestHost fresh = TestHost.of(registry);
        TrustedRoot root =
                TrustedRoot.parse(
                        fresh.target("trusted_root.json").orElseThrow(), PathRules.STRICT);
        byte[] policy = fresh.target("policy.json").orElseThrow();
        JsonNode index = fresh.index(coordinate.plugin().toString()).orElseThrow();
        assertThat(index.at("/releases/0/digest").asText())
                .isEqualTo(Digest.ofBytes(jar).toString());
        assertThat(index.at("/releases/0/level").asText()).isEqualTo("PS_L2");
        assertThat(revoked(jar)).isFalse();
        RevocationList list = RevocationList.parse(registry.get("/pki/i1.crl").body());
        NamespaceOwner owner =
                new NamespaceOwner(
                        coordinate.plugin().namespace(),
                        Set.of(index.at("/identities/0").asText()),
                        Set.of());
        ReleaseEvidence evidence =
                ReleaseEvidence.of(
                        coordinate,
                        Digest.ofBytes(jar),
                        file(coordinate, ".sigstore.json"),
                        file(coordinate, ".vsa.sigstore.json"),
                        new String(file(coordinate, ".tlog-proof"), StandardCharsets.UTF_8));
        return new ReleaseVerifier(
                        root,
                        List.of(list),
                        TrustPolicy.of("localhost", Set.of(Digest.ofBytes(policy))))
                .verify(evidence, owner, Instant.now());
    }

    private byte[] file(Coordinate coordinate, String suffix) {
        HttpResponse<byte[]> answer =
                registry.get(
                        "/artifacts/"
                                + coordinate.plugin()
                                + "/"
                                + coordinate.version()
                                + "/"
                                + coordinate.fileName()
                                + suffix);
        assertThat(answer.statusCode()).as(suffix).isEqualTo(200);
        return answer.body();
    }

    @Test
    void aHostBelievesAReleaseByTheFirstRootAloneUntilItsKeyIsLost() {
        Certified early = certified("early");
        Coordinate lost = Coordinate.parse("early/thing@1.0.0");
        byte[] lostJar = TestJars.library(lost.toString());
        publish(early, lost, lostJar);
        awaitIndex("early/thing", "/releases/0/status", "live");
        assertThat(verify(lost, lostJar))
                .isInstanceOfSatisfying(
                        Verdict.Trusted.class,
                        trusted -> assertThat(trusted.level()).isEqualTo(TrustLevel.PS_L2));
        revoke(early, "early", Instant.now().minusSeconds(30).truncatedTo(ChronoUnit.SECONDS));
        assertThat(verify(lost, lostJar))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(RefusalCode.CHAIN_INVALID));

        Certified late = certified("late");
        Coordinate kept = Coordinate.parse("late/thing@1.0.0");
        byte[] keptJar = TestJars.library(kept.toString());
        publish(late, kept, keptJar);
        awaitIndex("late/thing", "/releases/0/status", "live");
        Instant next = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        Awaiting.until(() -> Instant.now().isAfter(next));
        revoke(late, "late", next);
        assertThat(verify(kept, keptJar)).isInstanceOf(Verdict.Trusted.class);
    }
}
