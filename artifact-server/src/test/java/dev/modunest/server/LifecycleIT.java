package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.format.resolve.ResolveJson;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** PATCH and DELETE of releases, PATCH of namespaces, and GET /api/v1/audit. */
class LifecycleIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestRegistry registry;
    private static String alice;
    private static String bob;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start(Map.of("MODUNEST_DELETE_PERIOD", "50ms"));
        alice = registry.newAccount("alice");
        bob = registry.newAccount("bob");
        publish("any/other@1.0.0");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static byte[] publish(String coordinate, String... requires) {
        byte[] jar = TestJars.library(coordinate, requires);
        assertThat(registry.publishAs(alice, coordinate, jar).statusCode()).isEqualTo(201);
        return jar;
    }

    private static String path(String coordinate) {
        return "/api/v1/plugins/" + coordinate.replace('@', '/');
    }

    private static HttpResponse<byte[]> patch(
            String token, String path, String body, String... headers) {
        HttpRequest.Builder request =
                registry.request(path)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/merge-patch+json")
                        .method("PATCH", HttpRequest.BodyPublishers.ofString(body));
        return registry.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static HttpResponse<byte[]> delete(String token, String coordinate, String reason) {
        return registry.send(
                registry.request(
                                path(coordinate)
                                        + "?reason="
                                        + URLEncoder.encode(reason, StandardCharsets.UTF_8))
                        .header("Authorization", "Bearer " + token)
                        .DELETE());
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static ReleaseStatus indexed(String coordinate) {
        String plugin = coordinate.substring(0, coordinate.indexOf('@'));
        return ResolveJson.readIndex(
                        new String(registry.get("/index/" + plugin).body(), StandardCharsets.UTF_8))
                .stream()
                .filter(entry -> entry.coordinate().toString().equals(coordinate))
                .map(IndexEntry::status)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> audited(String subject) throws IOException {
        HttpResponse<byte[]> response =
                registry.get(
                        "/api/v1/audit?subject=" + subject,
                        "Authorization",
                        "Bearer " + registry.token());
        List<String> actions = new ArrayList<>();
        json(response).get("entries").forEach(entry -> actions.add(entry.get("action").asText()));
        return actions;
    }

    @Test
    void aYankIsSeenAtOnceAndTakenBack() throws IOException {
        byte[] jar = publish("yank/plugin@1.0.0");
        assertThat(indexed("yank/plugin@1.0.0")).isEqualTo(ReleaseStatus.LIVE);

        HttpResponse<byte[]> response =
                patch(
                        alice,
                        path("yank/plugin@1.0.0"),
                        "{\"yanked\": {\"reason\": \"loses data\"}}");

        JsonNode document = json(response);
        assertThat(document.get("status").asText()).isEqualTo("yanked");
        assertThat(document.get("reason").asText()).isEqualTo("loses data");
        long serial =
                Long.parseLong(response.headers().firstValue("Registry-Serial").orElseThrow());
        assertThat(serial).isPositive();
        assertThat(indexed("yank/plugin@1.0.0"))
                .isEqualTo(ReleaseStatus.of(ReleaseStatus.State.YANKED, "loses data"));
        assertThat(registry.get(registry.artifactPath(jar)).statusCode()).isEqualTo(200);
        assertThat(
                        registry.post(
                                        "/api/v1/resolve",
                                        "{\"requirements\": [{\"plugin\": \"yank/plugin\", \"range\": \"*\"}]}")
                                .statusCode())
                .isEqualTo(409);

        json(patch(alice, path("yank/plugin@1.0.0"), "{\"yanked\": null}"));

        assertThat(indexed("yank/plugin@1.0.0")).isEqualTo(ReleaseStatus.LIVE);
        assertThat(audited("yank/plugin@1.0.0"))
                .containsExactly("release.unyanked", "release.yanked", "release.published");
        assertThat(
                        registry.texts(
                                "select kind from outbox where namespace = 'yank' order by serial"))
                .containsExactly("release.published", "release.yanked", "release.unyanked");
    }

    @Test
    void whatIsSoAlreadyChangesNothing() throws IOException {
        publish("same/plugin@1.0.0");
        HttpResponse<byte[]> response =
                patch(alice, path("same/plugin@1.0.0"), "{\"yanked\": null}");

        json(response);
        assertThat(response.headers().firstValue("Registry-Serial")).isEmpty();
        assertThat(audited("same/plugin@1.0.0")).containsExactly("release.published");
    }

    @Test
    void aRetryWithItsKeyGetsTheFirstAnswer() throws IOException {
        publish("key/plugin@1.0.0");
        String body = "{\"yanked\": {\"reason\": \"broken\"}}";
        HttpResponse<byte[]> first =
                patch(alice, path("key/plugin@1.0.0"), body, "Idempotency-Key", "k1");
        json(patch(alice, path("key/plugin@1.0.0"), "{\"yanked\": null}"));

        HttpResponse<byte[]> again =
                patch(alice, path("key/plugin@1.0.0"), body, "Idempotency-Key", "k1");

        assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(indexed("key/plugin@1.0.0")).isEqualTo(ReleaseStatus.LIVE);
    }

    @Test
    void aDeprecationNamesAReplacement() throws IOException {
        publish("deprecate/old@1.0.0");
        publish("deprecate/new@1.0.0");

        json(
                patch(
                        alice,
                        path("deprecate/old@1.0.0"),
                        "{\"deprecated\": {\"reason\": \"unmaintained\", \"replacement\": \"deprecate/new\"}}"));

        ReleaseStatus status = indexed("deprecate/old@1.0.0");
        assertThat(status.state()).isEqualTo(ReleaseStatus.State.LIVE);
        assertThat(status.deprecation().orElseThrow().replacement().orElseThrow())
                .hasToString("deprecate/new");
        json(patch(alice, path("deprecate/old@1.0.0"), "{\"deprecated\": null}"));
        assertThat(indexed("deprecate/old@1.0.0")).isEqualTo(ReleaseStatus.LIVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"replace/old", "replace/none"})
    void refusesAReplacementThatIsNoOtherPlugin(String replacement) {
        if (registry.get("/index/replace/old").statusCode() == 404) {
            publish("replace/old@1.0.0");
        }
        TestRegistry.assertProblem(
                patch(
                        alice,
                        path("replace/old@1.0.0"),
                        "{\"deprecated\": {\"reason\": \"x\", \"replacement\": \""
                                + replacement
                                + "\"}}"),
                422,
                "replacement-invalid",
                "name another plugin");
    }

    @Test
    void aQuarantinedReleaseIsNotServedUntilItIsReleased() throws IOException {
        byte[] jar = publish("quarantine/plugin@1.0.0");
        String byName = "/artifacts/quarantine/plugin/1.0.0/plugin-1.0.0.jar";
        assertThat(registry.get(registry.artifactPath(jar)).statusCode()).isEqualTo(200);
        TestRegistry.assertProblem(
                patch(
                        alice,
                        path("quarantine/plugin@1.0.0"),
                        "{\"quarantined\": {\"reason\": \"x\"}}"),
                403,
                "administrator-required",
                "ask one");

        json(
                patch(
                        registry.token(),
                        path("quarantine/plugin@1.0.0"),
                        "{\"quarantined\": {\"reason\": \"steals tokens\"}}"));

        for (String path : List.of(registry.artifactPath(jar), byName)) {
            HttpResponse<byte[]> response = registry.get(path);
            TestRegistry.assertProblem(response, 451, "release-quarantined", "steals tokens");
            assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(registry.head(path).statusCode()).isEqualTo(451);
        }
        assertThat(indexed("quarantine/plugin@1.0.0").state())
                .isEqualTo(ReleaseStatus.State.QUARANTINED);
        json(patch(registry.token(), path("quarantine/plugin@1.0.0"), "{\"quarantined\": null}"));
        assertThat(registry.get(registry.artifactPath(jar)).body()).isEqualTo(jar);
        assertThat(audited("quarantine/plugin@1.0.0"))
                .containsExactly(
                        "release.unquarantined", "release.quarantined", "release.published");
    }

    @Test
    void aDeletedReleaseIsGoneAndItsVersionIsUsed() throws IOException {
        byte[] jar = publish("gone/plugin@1.0.0");
        assertThat(registry.get(registry.artifactPath(jar)).statusCode()).isEqualTo(200);

        JsonNode document = json(delete(alice, "gone/plugin@1.0.0", "a secret is in it"));

        assertThat(document.get("status").asText()).isEqualTo("deleted");
        TestRegistry.assertProblem(
                registry.get(registry.artifactPath(jar)),
                410,
                "release-deleted",
                "a secret is in it");
        assertThat(indexed("gone/plugin@1.0.0"))
                .isEqualTo(ReleaseStatus.of(ReleaseStatus.State.DELETED, "a secret is in it"));
        TestRegistry.assertProblem(
                registry.publishAs(
                        alice, "gone/plugin@1.0.0", TestJars.library("gone/plugin@1.0.0")),
                409,
                "version-exists",
                "never published twice");
        TestRegistry.assertProblem(
                patch(alice, path("gone/plugin@1.0.0"), "{\"yanked\": null}"),
                410,
                "release-deleted",
                "final");
        String key = registry.artifactPath(jar).substring("/artifacts/sha256/".length());
        Awaiting.until(
                () -> registry.storedKeys().stream().noneMatch(stored -> stored.endsWith(key)));
        Awaiting.until(
                () ->
                        registry.count(
                                        "releases where deleted_at is not null and bytes_removed_at is null")
                                == 0);
    }

    @Test
    void anOldReleaseIsDeletedByItsOwnerWhileNobodyDependsOnIt() throws IOException {
        publish("rails/base@1.0.0");
        publish("rails/alone@1.0.0");
        publish("rails/user@1.0.0", "rails/base ^1");
        registry.execute(
                "update releases set published_at = now() - interval '73 hours' where plugin_id in"
                        + " (select id from plugins where namespace = 'rails')");

        json(delete(alice, "rails/alone@1.0.0", "superseded"));
        TestRegistry.assertProblem(
                delete(alice, "rails/base@1.0.0", "superseded"),
                409,
                "delete-refused",
                "rails/user@1.0.0 requires the plugin; yank");
        json(delete(registry.token(), "rails/base@1.0.0", "court order"));
    }

    @Test
    void onlyTheOwnerAndAdministratorsMayChangeARelease() throws IOException {
        publish("owned/plugin@1.0.0");
        String body = "{\"yanked\": {\"reason\": \"x\"}}";

        TestRegistry.assertProblem(
                patch(bob, path("owned/plugin@1.0.0"), body), 403, "namespace-foreign", "bob");
        TestRegistry.assertProblem(
                delete(bob, "owned/plugin@1.0.0", "x"), 403, "namespace-foreign", "bob");
        TestRegistry.assertProblem(
                registry.send(
                        registry.request(path("owned/plugin@1.0.0"))
                                .method("PATCH", HttpRequest.BodyPublishers.ofString(body))),
                401,
                "token-required",
                "Authorization");
        json(patch(registry.token(), path("owned/plugin@1.0.0"), body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense | is not JSON",
                "[] | is not a JSON object",
                "{} | has none of",
                "{\"hidden\": true} | hidden is not known",
                "{\"yanked\": true} | neither null nor an object",
                "{\"yanked\": {}} | The reason has 0",
                "{\"yanked\": {\"reason\": \"x\", \"by\": 1}} | by is not known",
                "{\"deprecated\": {\"reason\": \"x\", \"replacement\": \"x\"}} | replacement is no plugin"
            })
    void refusesAChangeThatItCannotRead(String body, String detail) {
        TestRegistry.assertProblem(
                patch(alice, path("any/plugin@1.0.0"), body), 400, "change-invalid", detail);
    }

    @Test
    void refusesWhatIsUnknownOrTooLarge() {
        TestRegistry.assertProblem(
                patch(alice, path("any/plugin@1.0.0"), "{\"yanked\": null}"),
                404,
                "release-unknown",
                "lists those");
        TestRegistry.assertProblem(
                patch(alice, path("any/plugin@1.0.0"), " ".repeat((16 << 10) + 1)),
                413,
                "body-too-large",
                "shorten");
        TestRegistry.assertProblem(
                delete(alice, "any/plugin@1.0.0", " "), 400, "change-invalid", "reason");
    }

    @Test
    void aNamespaceIsVerifiedByAdministrators() throws IOException {
        publish("verified/plugin@1.0.0");
        String path = "/api/v1/namespaces/verified";
        assertThat(json(registry.get(path)).get("verified").asBoolean()).isFalse();

        json(patch(registry.token(), path, "{\"verified\": true}"));

        assertThat(json(registry.get(path)).get("verified").asBoolean()).isTrue();
        assertThat(audited("verified")).containsExactly("namespace.verified");
        TestRegistry.assertProblem(
                patch(alice, path, "{\"verified\": true}"), 403, "administrator-required", "ask");
        TestRegistry.assertProblem(
                patch(registry.token(), path, "{\"verified\": 1}"), 400, "change-invalid", "true");
        TestRegistry.assertProblem(
                patch(registry.token(), "/api/v1/namespaces/nobody", "{\"verified\": true}"),
                404,
                "namespace-unknown",
                "nobody");
    }

    @Test
    void theAuditIsReadInPagesByAdministrators() throws IOException {
        publish("paged/plugin@1.0.0");
        for (String reason : List.of("a", "b", "c")) {
            json(
                    patch(
                            alice,
                            path("paged/plugin@1.0.0"),
                            "{\"yanked\": {\"reason\": \"" + reason + "\"}}"));
        }
        List<String> reasons = new ArrayList<>();
        String next = "/api/v1/audit?limit=2&subject=paged/plugin@1.0.0";
        while (!next.isEmpty()) {
            JsonNode page = json(registry.get(next, "Authorization", "Bearer " + registry.token()));
            page.get("entries").forEach(entry -> reasons.add(entry.path("reason").asText()));
            next = page.path("next").asText();
        }
        assertThat(reasons).containsExactly("c", "b", "a", "");
        TestRegistry.assertProblem(
                registry.get("/api/v1/audit", "Authorization", "Bearer " + alice),
                403,
                "administrator-required",
                "only an administrator may");
        TestRegistry.assertProblem(
                registry.get(
                        "/api/v1/audit?limit=0", "Authorization", "Bearer " + registry.token()),
                400,
                "parameter-invalid",
                "limit is 1 to 100");
    }
}
