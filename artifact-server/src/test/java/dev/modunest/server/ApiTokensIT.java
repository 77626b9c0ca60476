package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** API tokens: their scopes, their end, and that every server sees it. */
class ApiTokensIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestRegistry registry;
    private static TestRegistry second;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start(Map.of("MODUNEST_AUTH_LAST_USE", "1s"));
        second =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_DATABASE_URL",
                                registry.database(),
                                "MODUNEST_S3_BUCKET",
                                registry.bucket()));
    }

    @AfterAll
    static void stop() {
        second.close();
        registry.close();
    }

    private static HttpResponse<byte[]> send(
            TestRegistry to, String token, String method, String path, String body) {
        return to.send(
                to.request(path)
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static JsonNode created(String by, String body) throws IOException {
        HttpResponse<byte[]> response = send(registry, by, "POST", "/api/v1/account/tokens", body);
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(201);
        return JSON.readTree(response.body());
    }

    @Test
    void aTokenPublishesWhatItsScopesNameAndNothingElse() throws IOException {
        String alice = registry.newAccount("scoped");
        String token =
                created(alice, "{\"label\":\"ci\",\"scopes\":[\"release.publish:scoped/tool\"]}")
                        .path("token")
                        .asText();

        assertThat(
                        registry.publishAs(
                                        token,
                                        "scoped/tool@1.0.0",
                                        TestJars.library("scoped/tool@1.0.0"))
                                .statusCode())
                .isEqualTo(201);
        HttpResponse<byte[]> other =
                registry.publishAs(
                        token, "scoped/other@1.0.0", TestJars.library("scoped/other@1.0.0"));
        TestRegistry.assertProblem(other, 403, "scope-insufficient", "a wider scope");
        assertThat(other.headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("error=\"insufficient_scope\"");
        TestRegistry.assertProblem(
                send(registry, token, "GET", "/api/v1/account", ""),
                403,
                "scope-insufficient",
                "account.read");
        TestRegistry.assertProblem(
                send(
                        registry,
                        token,
                        "PATCH",
                        "/api/v1/plugins/scoped/tool/1.0.0",
                        "{\"yanked\":{\"reason\":\"x\"}}"),
                403,
                "scope-insufficient",
                "release.yank");
    }

    @Test
    void nobodyMakesATokenThatMayDoMore() throws IOException {
        String alice = registry.newAccount("careful");
        String maker =
                created(
                                alice,
                                "{\"label\":\"maker\",\"scopes\":[\"account.manage:*\",\"release.publish:careful/*\"]}")
                        .path("token")
                        .asText();
        created(maker, "{\"label\":\"less\",\"scopes\":[\"release.publish:careful/a\"]}");
        for (String more : new String[] {"*:*", "release.publish:*", "release.yank:careful/a"}) {
            TestRegistry.assertProblem(
                    send(
                            registry,
                            maker,
                            "POST",
                            "/api/v1/account/tokens",
                            "{\"label\":\"more\",\"scopes\":[\"" + more + "\"]}"),
                    403,
                    "scope-insufficient",
                    "could do more");
        }
    }

    @Test
    void refusesScopesAndTimesThatCannotBe() {
        String alice = registry.newAccount("wrong");
        String past = Instant.now().minusSeconds(5).toString();
        Map<String, String> bodies =
                Map.of(
                        "{\"label\":\"x\",\"scopes\":[]}",
                        "1 to 50",
                        "{\"label\":\"x\",\"scopes\":[\"fly:*\"]}",
                        "no action",
                        "{\"label\":\"x\",\"scopes\":[\"release.publish\"]}",
                        "no scope",
                        "{\"label\":\"x\",\"scopes\":[\"release.publish:A/*\"]}",
                        "a pattern is",
                        "{\"scopes\":[\"*:*\"]}",
                        "label is missing",
                        "{\"label\":\"x\",\"scopes\":[\"*:*\"],\"expires_at\":\"" + past + "\"}",
                        "after now",
                        "{\"label\":\"x\",\"scopes\":[\"*:*\"],\"expires_at\":\"soon\"}",
                        "RFC 3339",
                        "{\"label\":\"x\",\"label\":\"y\",\"scopes\":[\"*:*\"]}",
                        "not JSON",
                        "{\"name\":\"x\"}",
                        "not known");
        bodies.forEach(
                (body, detail) ->
                        TestRegistry.assertProblem(
                                send(registry, alice, "POST", "/api/v1/account/tokens", body),
                                400,
                                "change-invalid",
                                detail));
    }

    @Test
    void aRevokedTokenEndsInEveryServer() throws IOException {
        String alice = registry.newAccount("revoker");
        JsonNode made = created(alice, "{\"label\":\"x\",\"scopes\":[\"*:*\"]}");
        String token = made.path("token").asText();
        for (TestRegistry server : new TestRegistry[] {registry, second}) {
            assertThat(send(server, token, "GET", "/api/v1/account", "").statusCode())
                    .isEqualTo(200);
        }

        String path = "/api/v1/account/tokens/" + made.path("id").asText();
        assertThat(send(registry, alice, "DELETE", path, "").statusCode()).isEqualTo(200);

        TestRegistry.assertProblem(
                send(registry, token, "GET", "/api/v1/account", ""), 401, "token-revoked", "again");
        Awaiting.until(() -> send(second, token, "GET", "/api/v1/account", "").statusCode() == 401);
        TestRegistry.assertProblem(
                send(registry, alice, "DELETE", path, ""), 404, "token-absent", "lists");
        TestRegistry.assertProblem(
                send(registry, alice, "DELETE", "/api/v1/account/tokens/x", ""),
                404,
                "token-absent",
                "lists");
    }

    @Test
    void anExpiredTokenIsToldToBeOne() throws IOException {
        String alice = registry.newAccount("short");
        JsonNode made =
                created(
                        alice,
                        "{\"label\":\"x\",\"scopes\":[\"*:*\"],\"expires_at\":\""
                                + Instant.now().plusSeconds(3600)
                                + "\"}");
        registry.execute(
                "update tokens set expires_at = now() - interval '1 second' where id = "
                        + made.path("id").asText());
        HttpResponse<byte[]> response =
                send(registry, made.path("token").asText(), "GET", "/api/v1/account", "");
        TestRegistry.assertProblem(response, 401, "token-expired", "refresh it");
    }

    @Test
    void whoReportsATokenEndsIt() throws IOException {
        String alice = registry.newAccount("leaker");
        JsonNode made = created(alice, "{\"label\":\"x\",\"scopes\":[\"*:*\"]}");
        String body =
                "{\"tokens\":[\""
                        + made.path("token").asText()
                        + "\",\"mnt_nonsense\"],\"found_at\":\"https://paste.example/1\"}";

        assertThat(
                        new String(
                                registry.post("/api/v1/leaked-tokens", body).body(),
                                StandardCharsets.UTF_8))
                .isEqualTo("{\"revoked\":1}");
        assertThat(
                        new String(
                                registry.post("/api/v1/leaked-tokens", body).body(),
                                StandardCharsets.UTF_8))
                .isEqualTo("{\"revoked\":0}");
        assertThat(
                        send(registry, made.path("token").asText(), "GET", "/api/v1/account", "")
                                .statusCode())
                .isEqualTo(401);
        JsonNode listed =
                JSON.readTree(
                                send(registry, alice, "GET", "/api/v1/account/tokens?all=true", "")
                                        .body())
                        .path("tokens");
        assertThat(listed.findValuesAsText("revoked_reason")).contains("found in public");
        assertThat(registry.count("audit where action = 'token.leaked' and account = 'leaker'"))
                .isEqualTo(1);
    }

    @Test
    void anAccountHasOnlySoManyTokens() throws IOException {
        try (TestRegistry small = TestRegistry.start(Map.of("MODUNEST_ACCOUNT_MAX_TOKENS", "1"))) {
            TestRegistry.assertProblem(
                    send(
                            small,
                            small.token(),
                            "POST",
                            "/api/v1/account/tokens",
                            "{\"label\":\"x\",\"scopes\":[\"*:*\"]}"),
                    409,
                    "tokens-too-many",
                    "revoke one");
        }
    }

    @Test
    void theLastUseIsNoted() throws IOException {
        String alice = registry.newAccount("user");
        JsonNode made = created(alice, "{\"label\":\"x\",\"scopes\":[\"*:*\"]}");
        send(registry, made.path("token").asText(), "GET", "/api/v1/account", "");
        Awaiting.until(
                () ->
                        registry.count(
                                        "tokens where last_used_at is not null and id = "
                                                + made.path("id").asText())
                                == 1);
    }
}
