package dev.modunest.server;

import static dev.modunest.server.OAuthForms.assertError;
import static dev.modunest.server.OAuthForms.json;
import static dev.modunest.server.OAuthForms.post;
import static dev.modunest.server.TestRegistry.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.server.auth.ApiToken;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.Map;
import java.util.UUID;

/** The endpoints of the authorization server but for what single grants do. */
class OAuthIT {

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static JsonNode introspect(String as, String token) {
        return json(
                post(
                        registry,
                        "/oauth/introspect",
                        Map.of("token", token),
                        "Authorization",
                        "Bearer " + as),
                200);
    }

    /** A session of the account and its refresh token. */
    private static String refreshToken(String account, UUID session) {
        ApiToken token = ApiToken.create(ApiToken.Kind.REFRESH, new SecureRandom());
        registry.execute(
                "insert into sessions (id, account_id, kind, scopes, client, method, authenticated_at, created_at, last_seen_at, expires_at) select '"
                        + session
                        + "', id, 'device', '{*:*}', 'modunest-cli', 'password', now(), now(), now(), now() + interval '1 day' from accounts where name = '"
                        + account
                        + "'");
        registry.execute(
                "insert into refresh_tokens (sha256, session_id, created_at) values ('"
                        + token.sha256Hex()
                        + "', '"
                        + session
                        + "', now())");
        return token.text();
    }

    private static String hostToken() {
        TestHostKey key = TestHostKey.ed25519();
        String code =
                json(
                                json(
                                        registry,
                                        "POST",
                                        "/api/v1/enrolments",
                                        registry.token(),
                                        "{\"name\": \"x\", \"patterns\": [\"*\"]}"),
                                201)
                        .path("code")
                        .asText();
        JsonNode enrolled =
                json(
                        registry.post(
                                "/api/v1/hosts/enrol",
                                "{\"code\": \"" + code + "\", \"public_key\": " + key.jwk() + "}"),
                        201);
        return json(
                        post(
                                registry,
                                "/oauth/token",
                                Map.of(
                                        "grant_type",
                                        "client_credentials",
                                        "client_assertion_type",
                                        OAuthForms.ASSERTION,
                                        "client_assertion",
                                        key.sign(
                                                key.assertion(
                                                        enrolled.path("host").asText(),
                                                        enrolled.path("issuer").asText())))),
                        200)
                .path("access_token")
                .asText();
    }

    @Test
    void theMetadataNameWhatThereIs() {
        JsonNode document = json(registry.get("/.well-known/oauth-authorization-server"), 200);
        String issuer = registry.server().uri().toString();

        assertThat(document.path("issuer").asText()).isEqualTo(issuer);
        assertThat(document.path("token_endpoint").asText()).isEqualTo(issuer + "/oauth/token");
        assertThat(document.path("grant_types_supported").toString())
                .contains("client_credentials", "token-exchange");
        assertThat(document.path("token_endpoint_auth_methods_supported").toString())
                .isEqualTo("[\"none\",\"private_key_jwt\"]");
        String keys = document.path("jwks_uri").asText().substring(issuer.length());
        HttpResponse<byte[]> set = registry.get(keys);
        String tag = set.headers().firstValue("ETag").orElseThrow();
        assertThat(json(set, 200).path("keys").path(0).path("alg").asText()).isEqualTo("ES256");
        assertThat(set.headers().firstValue("Cache-Control")).hasValue("public, max-age=300");
        assertThat(registry.get(keys, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(registry.get(keys, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestThatIsNoneIsRefused() {
        assertError(
                post(registry, "/oauth/token", Map.of("grant_type", "password")),
                400,
                "unsupported_grant_type",
                "client_credentials");
        assertError(post(registry, "/oauth/token", Map.of()), 400, "invalid_request", "grant_type");
        assertError(
                OAuthForms.postText(registry, "/oauth/token", "grant_type=x&grant_type=y"),
                400,
                "invalid_request",
                "twice");
        assertError(
                OAuthForms.postText(registry, "/oauth/token", "grant_type=%zz"),
                400,
                "invalid_request",
                "percent-encoded");
        assertError(
                OAuthForms.postText(registry, "/oauth/token", "x=" + "y".repeat(70_000)),
                413,
                "invalid_request",
                "65536");
        assertError(registry.post("/oauth/token", "{}"), 400, "invalid_request", "form-urlencoded");
    }

    @Test
    void whoSendsTooManyCredentialsThatAreRefusedWaits() {
        try (TestRegistry strict =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_LIMITS_AUTHENTICATE_RATE", "1",
                                "MODUNEST_LIMITS_AUTHENTICATE_BURST", "1"))) {
            Map<String, String> form =
                    Map.of(
                            "grant_type",
                            "client_credentials",
                            "client_assertion_type",
                            OAuthForms.ASSERTION,
                            "client_assertion",
                            "guess");

            assertError(post(strict, "/oauth/token", form), 401, "invalid_client", "no JWT");
            HttpResponse<byte[]> tooMany = post(strict, "/oauth/token", form);

            assertError(tooMany, 429, "slow_down", "limits.authenticate");
            assertThat(tooMany.headers().firstValue("Retry-After")).isPresent();
            assertThat(strict.count("audit where action = 'token.refused'")).isEqualTo(1);
        }
    }

    @Test
    void everybodyLearnsOfTheirOwnTokensAlone() {
        String mine = registry.newAccount("asks");
        String theirs = registry.newAccount("owns");
        String refresh = refreshToken("asks", UUID.randomUUID());

        assertThat(introspect(mine, mine).path("username").asText()).isEqualTo("asks");
        assertThat(introspect(mine, mine).path("scope").asText()).isEqualTo("*:*");
        assertThat(introspect(mine, refresh).path("client_id").asText()).isEqualTo("modunest-cli");
        assertThat(introspect(mine, theirs).toString()).isEqualTo("{\"active\":false}");
        assertThat(introspect(theirs, refresh).toString()).isEqualTo("{\"active\":false}");
        assertThat(introspect(mine, "guess").toString()).isEqualTo("{\"active\":false}");
        assertThat(introspect(registry.token(), theirs).path("active").asBoolean()).isTrue();
        String narrow = registry.newAccount("narrow");
        registry.execute(
                "update tokens set scopes = '{release.publish:*}' where account_id = (select id from accounts where name = 'narrow')");
        assertError(
                post(
                        registry,
                        "/oauth/introspect",
                        Map.of("token", narrow),
                        "Authorization",
                        "Bearer " + narrow),
                403,
                "insufficient_scope",
                "account.read");
    }

    @Test
    void whoIsNobodyLearnsNothing() {
        assertError(
                post(registry, "/oauth/introspect", Map.of("token", registry.token())),
                401,
                "invalid_token",
                "Authorization");
    }

    @Test
    void aHostLearnsOfItsOwnToken() {
        String token = hostToken();

        assertThat(introspect(token, token).path("sub").asText()).startsWith("host:");
        assertThat(introspect(token, registry.token()).path("active").asBoolean()).isFalse();
        assertThat(introspect(registry.token(), token).path("aud").path(0).asText())
                .isEqualTo(registry.server().uri() + "/api");
        assertThat(introspect(hostToken(), token).path("active").asBoolean()).isFalse();
        assertError(
                post(registry, "/oauth/revoke", Map.of("token", token)),
                400,
                "unsupported_token_type",
                "DELETE /api/v1/hosts");
    }

    @Test
    void whoHoldsATokenEndsIt() {
        String token = registry.newAccount("ends");
        UUID session = UUID.randomUUID();
        String refresh = refreshToken("ends", session);
        assertThat(introspect(token, refresh).path("active").asBoolean()).isTrue();

        json(post(registry, "/oauth/revoke", Map.of("token", refresh)), 200);

        assertThat(introspect(token, refresh).path("active").asBoolean()).isFalse();
        json(post(registry, "/oauth/revoke", Map.of("token", token)), 200);
        assertProblem(
                registry.get("/api/v1/publishes", "Authorization", "Bearer " + token),
                401,
                "token-revoked",
                "revoked");
        json(post(registry, "/oauth/revoke", Map.of("token", token)), 200);
        json(post(registry, "/oauth/revoke", Map.of("token", "never was one")), 200);
        assertError(post(registry, "/oauth/revoke", Map.of()), 400, "invalid_request", "token");
        assertThat(registry.texts("select action from audit where account = 'ends' order by id"))
                .containsExactly("session.revoked", "token.revoked");
    }
}
