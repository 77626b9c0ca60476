package dev.modunest.server;

import static dev.modunest.server.OAuthForms.assertError;
import static dev.modunest.server.OAuthForms.json;
import static dev.modunest.server.TestRegistry.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Releases from CI, by the ID tokens of jobs. */
class TrustedPublishingIT {

    private static final String OCTO =
            """
            {"provider": "github", "claims": {"repository_id": "4711", "repository_owner_id": 42,
             "workflow": "release.yml", "environment": "production"}}
            """;

    private static CiIssuer github;
    private static CiIssuer gitlab;
    private static CiIssuer other;
    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        github = new CiIssuer();
        gitlab = new CiIssuer();
        other = new CiIssuer();
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_TOKENS_ISSUER",
                                CiIssuer.AUDIENCE,
                                "MODUNEST_TRUSTED_GITHUB_ISSUER",
                                github.uri().toString(),
                                "MODUNEST_TRUSTED_GITLAB_ISSUER",
                                gitlab.uri().toString(),
                                "MODUNEST_TRUSTED_ISSUERS_ACME_CI_ISSUER",
                                other.uri().toString(),
                                "MODUNEST_TRUSTED_ISSUERS_ACME_CI_AUDIENCE",
                                "modunest",
                                "MODUNEST_TRUSTED_ISSUERS_ACME_CI_REQUIRED_CLAIMS",
                                "pipeline"));
    }

    @AfterAll
    static void stop() {
        registry.close();
        github.close();
        gitlab.close();
        other.close();
    }

    private static String publishers(String plugin) {
        return "/api/v1/plugins/" + plugin + "/trusted-publishers";
    }

    private static JsonNode trust(String token, String plugin, String body) {
        return json(json(registry, "POST", publishers(plugin), token, body), 201);
    }

    private static HttpResponse<byte[]> exchange(String idToken, String... more) {
        Map<String, String> form =
                new HashMap<>(
                        Map.of(
                                "grant_type",
                                OAuthForms.EXCHANGE,
                                "subject_token_type",
                                OAuthForms.ID_TOKEN,
                                "subject_token",
                                idToken));
        for (int i = 0; i < more.length; i += 2) {
            form.put(more[i], more[i + 1]);
        }
        return OAuthForms.post(registry, "/oauth/token", form);
    }

    private static String signed(JWTCreator.Builder token) {
        return token.sign(github.algorithm());
    }

    @Test
    void aJobPublishesThePluginThatTrustsItAndNoOther() {
        String owner = registry.newAccount("first");
        JsonNode trusted = trust(owner, "first/tool", OCTO);

        JsonNode issued =
                json(exchange(signed(github.github()), "scope", "release.publish:first/tool"), 200);
        String token = issued.path("access_token").asText();
        HttpResponse<byte[]> published =
                registry.publishAs(token, "first/tool@1.0.0", TestJars.library("first/tool@1.0.0"));
        HttpResponse<byte[]> elsewhere =
                registry.publishAs(
                        token, "first/other@1.0.0", TestJars.library("first/other@1.0.0"));

        assertThat(issued.path("expires_in").asInt()).isEqualTo(900);
        assertThat(issued.path("token_type").asText()).isEqualTo("Bearer");
        assertThat(issued.path("issued_token_type").asText())
                .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
        assertThat(issued.path("scope").asText()).startsWith("release.publish:first/tool ");
        assertThat(json(published, 201).path("publisher").asText())
                .isEqualTo(trusted.path("account").asText())
                .startsWith("ci-");
        assertProblem(elsewhere, 403, "scope-insufficient", "release.publish:first/tool");
        JsonNode list =
                json(
                        registry.get(publishers("first/tool"), "Authorization", "Bearer " + owner),
                        200);
        assertThat(list.path("trusted_publishers").path(0).path("last_used_at").asText())
                .isNotEmpty();
        assertThat(
                        registry.count(
                                "audit where action = 'trusted-publisher.exchanged' and subject = 'first/tool'"))
                .isEqualTo(1);
    }

    @Test
    void aRenamedRepositoryMatchesAndOneMadeAnewUnderItsNameDoesNot() {
        trust(registry.newAccount("renamed"), "renamed/tool", OCTO);
        String scope = "release.publish:renamed/tool";

        json(
                exchange(
                        signed(
                                github.github("neo/gadget")
                                        .withClaim("repository_id", "4711")
                                        .withClaim("repository_owner_id", "42")),
                        "scope",
                        scope),
                200);
        assertError(
                exchange(
                        signed(
                                github.github("octo/tool")
                                        .withClaim("repository_id", "4712")
                                        .withClaim("repository_owner_id", "42")),
                        "scope",
                        scope),
                400,
                "invalid_request",
                "no plugin trusts the job");
    }

    @Test
    void whatIsNotTheJobIsRefusedAndKeptInTheAudit() {
        trust(registry.newAccount("strict"), "strict/tool", OCTO);
        KeyPair foreign = CiIssuer.rsa();
        Map<String, String> refused = new HashMap<>();
        refused.put(
                signed(
                        github.github()
                                .withClaim(
                                        "job_workflow_ref",
                                        "octo/tool/.github/workflows/test.yml@refs/heads/main")),
                "no plugin trusts the job");
        refused.put(
                signed(
                        github.github()
                                .withClaim(
                                        "job_workflow_ref",
                                        "evil/tool/.github/workflows/release.yml@refs/heads/main")),
                "no plugin trusts the job");
        refused.put(
                signed(github.github().withClaim("environment", "staging")),
                "no plugin trusts the job");
        refused.put(
                signed(github.github().withClaim("repository_owner_id", "43")),
                "no plugin trusts the job");
        refused.put(
                signed(github.github().withAudience("https://other.example")),
                "token-audience-differs");
        refused.put(
                signed(github.github().withExpiresAt(Instant.now().minusSeconds(600))),
                "token-expired");
        refused.put(
                github.github()
                        .sign(
                                Algorithm.RSA256(
                                        (RSAPublicKey) foreign.getPublic(),
                                        (RSAPrivateKey) foreign.getPrivate())),
                "token-signature-invalid");
        refused.put(github.github().sign(Algorithm.none()), "token-algorithm-refused");
        refused.put(
                github.github()
                        .sign(
                                Algorithm.HMAC256(
                                        Base64.getEncoder()
                                                .encodeToString(github.publicKey().getEncoded()))),
                "token-algorithm-refused");
        refused.put(signed(github.github().withJWTId("")), "jti");
        refused.put(signed(github.github().withIssuer("https://evil.example")), "no CI provider");
        refused.put("nothing", "no JWT");
        long before = registry.count("audit where action = 'token.refused'");

        refused.forEach(
                (token, reason) ->
                        assertError(
                                exchange(token, "scope", "release.publish:strict/tool"),
                                400,
                                "invalid_request",
                                reason));

        assertThat(registry.count("audit where action = 'token.refused'") - before)
                .isEqualTo(refused.size());
        assertThat(
                        registry.texts(
                                "select account from audit where action = 'token.refused' order by id desc limit 1"))
                .containsExactly("nobody");
    }

    @Test
    void aTokenIsTakenOnce() {
        trust(registry.newAccount("once"), "once/tool", OCTO);
        String token = signed(github.github());

        json(exchange(token, "scope", "release.publish:once/tool"), 200);
        assertError(
                exchange(token, "scope", "release.publish:once/tool"),
                400,
                "invalid_request",
                "used before");
    }

    @Test
    void aJobOfSeveralPluginsSaysWhichItMeans() {
        String owner = registry.newAccount("several");
        String body = OCTO.replace("4711", "900");
        trust(owner, "several/one", body);
        trust(owner, "several/two", body);
        String token = signed(github.github().withClaim("repository_id", "900"));

        assertError(exchange(token), 400, "invalid_scope", "release.publish:several/two");
        assertError(
                exchange(token, "scope", "release.publish:several/three"),
                400,
                "invalid_scope",
                "release.publish:several/one");
        json(exchange(token, "scope", "release.publish:several/two"), 200);
    }

    @Test
    void onlyWhatIsExchangedHereIsExchanged() {
        String token = signed(github.github());

        assertError(
                exchange(token, "subject_token_type", "urn:other"),
                400,
                "invalid_request",
                "subject_token_type");
        assertError(
                exchange(token, "requested_token_type", OAuthForms.ID_TOKEN),
                400,
                "invalid_request",
                "requested_token_type");
        assertError(
                exchange(token, "audience", "https://plugins.example"),
                400,
                "invalid_target",
                "audience");
    }

    @Test
    void gitLabAndIssuersOfTheSettingsAreProvidersToo() {
        String owner = registry.newAccount("labs");
        trust(
                owner,
                "labs/tool",
                """
                {"provider": "gitlab", "claims": {"project_id": "7", "namespace_id": "8", "workflow": ".gitlab-ci.yml"}}
                """);
        trust(
                owner,
                "labs/gadget",
                """
                {"provider": "acme-ci", "claims": {"pipeline": "31", "protected": "true"}}
                """);

        json(
                exchange(
                        gitlab.token()
                                .withClaim("project_id", "7")
                                .withClaim("namespace_id", "8")
                                .withClaim("project_path", "group/tool")
                                .withClaim(
                                        "ci_config_ref_uri",
                                        gitlab.uri().getAuthority()
                                                + "/group/tool//.gitlab-ci.yml@refs/heads/main")
                                .sign(gitlab.algorithm())),
                200);
        json(
                exchange(
                        other.token()
                                .withAudience("modunest")
                                .withClaim("pipeline", 31)
                                .withClaim("protected", true)
                                .sign(other.algorithm())),
                200);
        assertError(
                exchange(
                        other.token()
                                .withAudience("modunest")
                                .withClaim("pipeline", 31)
                                .withClaim("secret", "hidden")
                                .sign(other.algorithm())),
                400,
                "invalid_request",
                "pipeline");
    }

    @Test
    void aPublisherThatIsTrustedNoLongerPublishesNoMore() {
        String owner = registry.newAccount("former");
        JsonNode trusted = trust(owner, "former/tool", OCTO);
        String token =
                json(exchange(signed(github.github()), "scope", "release.publish:former/tool"), 200)
                        .path("access_token")
                        .asText();

        json(
                json(
                        registry,
                        "DELETE",
                        publishers("former/tool")
                                + "/"
                                + trusted.path("trusted_publisher").asText(),
                        owner,
                        ""),
                200);

        assertProblem(
                registry.publishAs(
                        token, "former/tool@1.0.0", TestJars.library("former/tool@1.0.0")),
                401,
                "token-revoked",
                "revoked");
        assertError(
                exchange(signed(github.github()), "scope", "release.publish:former/tool"),
                400,
                "invalid_scope",
                "release.publish:");
        assertProblem(
                json(registry, "DELETE", publishers("former/tool") + "/none", owner, ""),
                404,
                "trusted-publisher-unknown",
                "GET");
    }

    @Test
    void aPluginTakesReleasesFromItsCiAloneWhenItDemandsThat() {
        String owner = registry.newAccount("demands");
        trust(owner, "demands/tool", OCTO);
        String rule = "/api/v1/plugins/demands/tool/trusted-publishing-only";
        assertProblem(
                json(registry, "PUT", rule, owner, ""), 404, "plugin-unknown", "demands/tool");
        registry.publishAs(owner, "demands/tool@1.0.0", TestJars.library("demands/tool@1.0.0"));

        json(json(registry, "PUT", rule, owner, ""), 200);

        assertProblem(
                registry.publishAs(
                        owner, "demands/tool@1.1.0", TestJars.library("demands/tool@1.1.0")),
                403,
                "trusted-publishing-required",
                "/trusted-publishers");
        String token =
                json(
                                exchange(
                                        signed(github.github()),
                                        "scope",
                                        "release.publish:demands/tool"),
                                200)
                        .path("access_token")
                        .asText();
        assertThat(
                        registry.publishAs(
                                        token,
                                        "demands/tool@1.2.0",
                                        TestJars.library("demands/tool@1.2.0"))
                                .statusCode())
                .isEqualTo(201);
        json(json(registry, "DELETE", rule, owner, ""), 200);
        assertThat(
                        registry.publishAs(
                                        owner,
                                        "demands/tool@1.3.0",
                                        TestJars.library("demands/tool@1.3.0"))
                                .statusCode())
                .isEqualTo(201);
        assertThat(
                        registry.texts(
                                "select action from audit where subject = 'demands/tool' order by id"))
                .containsExactly(
                        "trusted-publisher.created",
                        "plugin.trusted-publishing-demanded",
                        "trusted-publisher.exchanged",
                        "plugin.trusted-publishing-optional");
    }

    @Test
    void aPendingPublisherClaimsTheNamespaceForWhoMakesIt() {
        String owner = registry.newAccount("pending");
        trust(owner, "pending/tool", OCTO);

        assertProblem(
                json(
                        registry,
                        "POST",
                        publishers("pending/other"),
                        registry.newAccount("late"),
                        OCTO),
                403,
                "namespace-foreign",
                "pending");
        assertProblem(
                json(registry, "POST", publishers("pending/tool"), owner, OCTO),
                409,
                "trusted-publisher-exists",
                "trusts this job already");
        assertProblem(
                json(registry, "POST", publishers("api/tool"), owner, OCTO),
                422,
                "name-reserved",
                "reserved");
        assertThat(
                        registry.count(
                                "audit where action = 'namespace.claimed' and subject = 'pending'"))
                .isEqualTo(1);
    }

    @Test
    void whatIsAskedOfAPublisherIsChecked() {
        String owner = registry.newAccount("checked");
        Map<String, String> bodies =
                Map.of(
                        "{\"provider\": \"none\", \"claims\": {}}",
                        "github, gitlab, acme-ci",
                        "{\"provider\": \"github\"}",
                        "claims is an object",
                        OCTO.replace("\"4711\"", "\"octo/tool\""),
                        "repository_id is the numeric id",
                        OCTO.replace("release.yml", ".github/release.yml"),
                        "name of a file",
                        OCTO.replace("environment", "ref"),
                        "ref is not known",
                        "{\"provider\": \"gitlab\", \"claims\": {\"project_id\": 1, \"namespace_id\": 2, \"workflow\": \"x\"}}",
                        "path of a CI file",
                        "{\"provider\": \"acme-ci\", \"claims\": {\"branch\": \"main\"}}",
                        "have to say pipeline",
                        "{\"provider\": \"acme-ci\", \"claims\": {\"aud\": \"x\", \"pipeline\": \"1\"}}",
                        "cannot ask for aud",
                        "{\"provider\": \"acme-ci\", \"claims\": {\"pipeline\": \""
                                + "1".repeat(501)
                                + "\"}}",
                        "line of 1 to 500",
                        "[]",
                        "not a JSON object");

        bodies.forEach(
                (body, fix) ->
                        assertProblem(
                                json(registry, "POST", publishers("checked/tool"), owner, body),
                                400,
                                "change-invalid",
                                fix));
    }
}
