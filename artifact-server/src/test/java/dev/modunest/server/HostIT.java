package dev.modunest.server;

import static dev.modunest.server.OAuthForms.assertError;
import static dev.modunest.server.OAuthForms.json;
import static dev.modunest.server.TestRegistry.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Hosts: their enrolment, their tokens, and what they may have. */
class HostIT {

    private static final String ISSUER = "https://registry.example";
    private static final String CODES = "/api/v1/enrolments";

    private static TestRegistry registry;
    private static TestRegistry second;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start(Map.of("MODUNEST_TOKENS_ISSUER", ISSUER));
        second =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_TOKENS_ISSUER",
                                ISSUER,
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

    private static String code(String patterns) {
        return json(
                        json(
                                registry,
                                "POST",
                                CODES,
                                registry.token(),
                                "{\"name\": \"build farm\", \"patterns\": " + patterns + "}"),
                        201)
                .path("code")
                .asText();
    }

    private static HttpResponse<byte[]> enrol(String code, TestHostKey key) {
        return registry.post(
                "/api/v1/hosts/enrol",
                "{\"code\": \"" + code + "\", \"public_key\": " + key.jwk() + "}");
    }

    private static String enrolled(String patterns, TestHostKey key) {
        return json(enrol(code(patterns), key), 201).path("host").asText();
    }

    private static HttpResponse<byte[]> ask(String assertion, String... more) {
        Map<String, String> form =
                new HashMap<>(
                        Map.of(
                                "grant_type",
                                "client_credentials",
                                "client_assertion_type",
                                OAuthForms.ASSERTION,
                                "client_assertion",
                                assertion));
        for (int i = 0; i < more.length; i += 2) {
            form.put(more[i], more[i + 1]);
        }
        return OAuthForms.post(registry, "/oauth/token", form);
    }

    private static HttpResponse<byte[]> get(TestRegistry from, String path, String token) {
        return from.get(path, "Authorization", "Bearer " + token);
    }

    @Test
    void aHostHasWhatItsPolicySaysUntilItIsRevoked() {
        registry.published("inpolicy/tool@1.0.0");
        registry.published("outofpolicy/tool@1.0.0");
        TestHostKey key = TestHostKey.ed25519();
        String code = code("[\"inpolicy/*\"]");
        JsonNode enrolled = json(enrol(code, key), 201);
        String host = enrolled.path("host").asText();
        JsonNode issued = json(ask(key.sign(key.assertion(host, ISSUER))), 200);
        String token = issued.path("access_token").asText();
        String artifact = "/artifacts/inpolicy/tool/1.0.0/tool-1.0.0.jar";

        assertThat(enrolled.path("issuer").asText()).isEqualTo(ISSUER);
        assertThat(issued.path("scope").asText()).isEqualTo("release.read:inpolicy/*");
        assertThat(issued.path("expires_in").asInt()).isEqualTo(900);
        for (TestRegistry server : List.of(registry, second)) {
            assertThat(get(server, artifact, token).statusCode()).isEqualTo(200);
            assertProblem(
                    get(server, artifact.replace("inpolicy", "outofpolicy"), token),
                    403,
                    "access-denied",
                    "does not have the plugin outofpolicy/tool");
        }

        HttpResponse<byte[]> revoked =
                json(
                        registry,
                        "DELETE",
                        "/api/v1/hosts/" + host + "?reason=stolen",
                        registry.token(),
                        "");
        long committed = System.nanoTime();

        assertThat(json(revoked, 200).path("revoked_reason").asText()).isEqualTo("stolen");
        assertProblem(get(registry, artifact, token), 401, "token-revoked", "host");
        Awaiting.until(() -> get(second, artifact, token).statusCode() == 401);
        assertThat(System.nanoTime() - committed).isLessThan(1_000_000_000L);
        assertError(
                ask(key.sign(key.assertion(host, ISSUER))), 401, "invalid_client", "was revoked");
        assertThat(
                        registry.texts(
                                "select action from audit where subject = 'host:"
                                        + host
                                        + "' order by id"))
                .containsExactly(
                        "host.enrolled", "host.token-issued", "host.revoked", "token.refused");
    }

    @Test
    void aCodeEnrolsOneHost() {
        String code = code("[\"*\"]");
        TestHostKey key = TestHostKey.p256();

        json(enrol(code, key), 201);

        assertProblem(enrol(code, TestHostKey.p256()), 403, "enrolment-refused", "another one");
        assertProblem(enrol("mne_guess", key), 403, "enrolment-refused", "not known");
        String fresh = code("[\"*\"]");
        assertProblem(enrol(fresh, key), 409, "host-key-taken", "another key pair");
        json(enrol(fresh, TestHostKey.p256()), 201);
        registry.execute("update enrolments set used_at = null, expires_at = now()");
        assertProblem(enrol(code, TestHostKey.p256()), 403, "enrolment-refused", "expired");
        assertThat(registry.count("audit where action = 'host.enrolment-refused'"))
                .isGreaterThanOrEqualTo(3);
    }

    @Test
    void codesAreListedAndWithdrawnWithoutBeingShown() {
        String code = code("[\"listed/*\"]");
        JsonNode listed = json(get(registry, CODES, registry.token()), 200);
        JsonNode made = listed.path("enrolments").path(0);
        String path = CODES + "/" + made.path("enrolment").asText();

        assertThat(made.path("patterns").path(0).asText()).isEqualTo("listed/*");
        assertThat(listed.toString()).doesNotContain("mne_");
        assertThat(json(registry, "DELETE", path, registry.token(), "").statusCode())
                .isEqualTo(204);
        assertProblem(
                json(registry, "DELETE", path, registry.token(), ""),
                404,
                "enrolment-unknown",
                "GET");
        assertProblem(
                json(registry, "DELETE", CODES + "/none", registry.token(), ""),
                404,
                "enrolment-unknown",
                "GET");
        assertProblem(enrol(code, TestHostKey.ed25519()), 403, "enrolment-refused", "another one");
    }

    @Test
    void hostsOfAnOrganizationAreItsOwnersAffair() {
        String owner = registry.newAccount("orgowner");
        String stranger = registry.newAccount("stranger");
        registry.execute(
                "insert into organizations (name, created_at) values ('farmers', now()), ('others', now())");
        registry.execute(
                "insert into organization_members (organization_id, account_id, role, added_at) select o.id, a.id, 'owner', now() from organizations o, accounts a where o.name = 'farmers' and a.name = 'orgowner'");
        String body =
                "{\"name\": \"farm\", \"patterns\": [\"*\"], \"organization\": \"farmers\", \"expires_in\": 600}";

        JsonNode made = json(json(registry, "POST", CODES, owner, body), 201);
        String host =
                json(enrol(made.path("code").asText(), TestHostKey.ed25519()), 201)
                        .path("host")
                        .asText();
        String path = "/api/v1/hosts/" + host;

        assertProblem(
                json(registry, "POST", CODES, stranger, body),
                403,
                "access-denied",
                "organization farmers");
        assertProblem(
                json(registry, "POST", CODES, owner, body.replace("farmers", "others")),
                403,
                "access-denied",
                "organization others");
        assertProblem(
                json(registry, "POST", CODES, registry.token(), body.replace("farmers", "none")),
                404,
                "organization-unknown",
                "none");
        assertProblem(registry.post(CODES, body), 401, "token-required", "Authorization");
        assertThat(json(get(registry, path, owner), 200).path("organization").asText())
                .isEqualTo("farmers");
        assertProblem(get(registry, path, stranger), 404, "host-unknown", "administer");
        JsonNode list = json(get(registry, "/api/v1/hosts?organization=farmers", owner), 200);
        assertThat(list.path("hosts").size()).isEqualTo(1);
        assertProblem(
                get(registry, "/api/v1/hosts", owner),
                403,
                "administrator-required",
                "host.manage");
        assertThat(
                        json(get(registry, CODES + "?organization=farmers", owner), 200)
                                .path("enrolments")
                                .size())
                .isZero();
    }

    @Test
    void aPolicyIsChangedAtOnce() {
        registry.published("before/tool@1.0.0");
        TestHostKey key = TestHostKey.p256();
        String host = enrolled("[\"before/*\"]", key);
        String token =
                json(ask(key.sign(key.assertion(host, ISSUER + "/oauth/token"))), 200)
                        .path("access_token")
                        .asText();
        String path = "/api/v1/hosts/" + host;
        assertThat(get(registry, "/index/before/tool", token).statusCode()).isEqualTo(200);

        JsonNode changed =
                json(
                        json(
                                registry,
                                "PATCH",
                                path,
                                registry.token(),
                                "{\"patterns\": [\"after/*\"], \"name\": \"new name\"}"),
                        200);

        assertThat(changed.path("name").asText()).isEqualTo("new name");
        assertThat(changed.path("last_seen_at").asText()).isNotEmpty();
        assertProblem(get(registry, "/index/before/tool", token), 403, "access-denied", "after/*");
        assertThat(registry.server().auth().authenticateHost(token).name()).isEqualTo("new name");
        assertProblem(
                json(registry, "PATCH", path, registry.token(), "{}"),
                400,
                "change-invalid",
                "neither name nor patterns");
        assertProblem(
                json(registry, "PATCH", path, registry.token(), "{\"patterns\": [\"A b\"]}"),
                400,
                "change-invalid",
                "'A b' is no pattern");
        assertProblem(
                json(registry, "DELETE", path, registry.token(), ""),
                400,
                "parameter-invalid",
                "reason");
        json(json(registry, "DELETE", path + "?reason=old", registry.token(), ""), 200);
        assertProblem(
                json(registry, "PATCH", path, registry.token(), "{\"name\": \"late\"}"),
                404,
                "host-unknown",
                "is revoked");
        assertProblem(
                json(registry, "DELETE", path + "?reason=twice", registry.token(), ""),
                404,
                "host-unknown",
                "is revoked");
    }

    @Test
    void everyHostIsListedPageByPage() {
        String host = enrolled("[\"*\"]", TestHostKey.ed25519());
        registry.execute(
                "insert into hosts (id, name, algorithm, public_key, thumbprint, patterns, enrolled_by, enrolled_at) select gen_random_uuid(), 'many', 'EdDSA', '', 'many-' || n, '{*}', a.id, now() from generate_series(1, 101) n, accounts a where a.name = 'admin'");

        JsonNode first = json(get(registry, "/api/v1/hosts", registry.token()), 200);
        JsonNode next = json(get(registry, first.path("next").asText(), registry.token()), 200);

        assertThat(first.path("hosts").size()).isEqualTo(100);
        assertThat(first.toString() + next).contains(host);
        assertProblem(
                get(registry, "/api/v1/hosts?cursor=x", registry.token()),
                400,
                "parameter-invalid",
                "next");
        assertProblem(
                get(registry, "/api/v1/hosts/x", registry.token()), 404, "host-unknown", "GET");
        registry.execute("delete from hosts where name = 'many'");
    }

    @Test
    void anAssertionThatDoesNotHoldIsRefused() {
        TestHostKey key = TestHostKey.ed25519();
        String host = enrolled("[\"*\"]", key);
        Instant now = Instant.now();
        Map<String, String> refused = new HashMap<>();
        refused.put(key.sign(key.assertion(host, "https://other.example")), "aud");
        refused.put(
                key.sign(key.assertion(host, ISSUER).withIssuer(UUID.randomUUID().toString())),
                "iss");
        refused.put(
                key.sign(key.assertion(host, ISSUER).withExpiresAt(now.plusSeconds(600))),
                "more than 5 minutes");
        refused.put(
                key.sign(key.assertion(host, ISSUER).withExpiresAt(now.minusSeconds(60))),
                "expired");
        refused.put(
                key.sign(key.assertion(host, ISSUER).withNotBefore(now.plusSeconds(120))),
                "future");
        refused.put(key.sign(key.assertion(host, ISSUER).withJWTId("")), "jti");
        refused.put(TestHostKey.ed25519().sign(key.assertion(host, ISSUER)), "not by the key");
        refused.put(TestHostKey.p256().sign(key.assertion(host, ISSUER)), "its alg is not EdDSA");
        refused.put(key.assertion(host, ISSUER).sign(Algorithm.none()), "its alg is not EdDSA");
        refused.put(
                key.assertion(host, ISSUER).sign(Algorithm.HMAC256(key.jwk())),
                "its alg is not EdDSA");
        refused.put(
                key.sign(
                        key.assertion(host, ISSUER)
                                .withHeader(Map.of("crit", List.of("x"), "x", 1))),
                "critical");
        refused.put(key.sign(key.assertion(UUID.randomUUID().toString(), ISSUER)), "no such host");
        refused.put(key.sign(key.assertion("nobody", ISSUER)), "not the id of a host");
        refused.put("x".repeat(9000), "more than 8192");
        refused.put("e30.e30", "no JWT");
        refused.put(
                key.sign(key.assertion(host, ISSUER)).replaceFirst("^[^.]*", key.twice()),
                "no JWT");

        refused.forEach(
                (assertion, reason) -> assertError(ask(assertion), 401, "invalid_client", reason));
    }

    @Test
    void anAssertionIsTakenOnceAndForWhatThePolicyHas() {
        TestHostKey key = TestHostKey.ed25519();
        String host = enrolled("[\"acme/*\", \"beta/tool\"]", key);
        String assertion = key.sign(key.assertion(host, ISSUER));

        json(ask(assertion, "client_id", host, "scope", "release.read:beta/tool"), 200);

        assertError(ask(assertion), 401, "invalid_client", "used before");
        assertError(
                ask(key.sign(key.assertion(host, ISSUER)), "client_id", "other"),
                401,
                "invalid_client",
                "client_id");
        assertError(
                ask(key.sign(key.assertion(host, ISSUER)), "scope", "release.publish:acme/tool"),
                400,
                "invalid_scope",
                "release.read:acme/*");
        assertError(
                ask(key.sign(key.assertion(host, ISSUER)), "client_assertion_type", "other"),
                400,
                "invalid_request",
                OAuthForms.ASSERTION);
    }

    @Test
    void aHostMayReadAndNothingElse() {
        TestHostKey key = TestHostKey.ed25519();
        String host = enrolled("[\"*\"]", key);
        String token =
                json(ask(key.sign(key.assertion(host, ISSUER))), 200).path("access_token").asText();

        assertProblem(
                registry.publishAs(token, "acme/x@1.0.0", TestJars.library("acme/x@1.0.0")),
                403,
                "access-denied",
                "may read plugins and nothing else");
        assertProblem(
                json(registry, "POST", CODES, token, "{}"), 403, "access-denied", "host.manage");
    }

    @Test
    void whatIsAskedIsChecked() {
        Map<String, String> codes =
                Map.of(
                        "{\"patterns\": [\"*\"]}", "does not have name",
                        "{\"name\": \"x\"}", "patterns is a list",
                        "{\"name\": \"x\", \"patterns\": [1]}", "no text",
                        "{\"name\": \"x\", \"patterns\": [\"*\"], \"expires_in\": 86401}",
                                "from 60 to 86400",
                        "{\"name\": \"x\", \"name\": \"y\"}", "not JSON",
                        "{\"name\": \"x\", \"extra\": 1}", "extra is not known");
        codes.forEach(
                (body, fix) ->
                        assertProblem(
                                json(registry, "POST", CODES, registry.token(), body),
                                400,
                                "change-invalid",
                                fix));
        assertProblem(
                json(registry, "POST", CODES, registry.token(), " ".repeat(20_000)),
                413,
                "body-too-large",
                "16384");
    }
}
