package dev.modunest.server;

import static dev.modunest.server.TestRegistry.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Claiming, verifying and handing over namespaces. */
class NamespaceIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/api/v1/namespaces";

    private static FakeDns dns;
    private static TestRegistry registry;
    private static String alice;
    private static String bob;

    @BeforeAll
    static void start() {
        dns = new FakeDns();
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_NAMESPACES_RESOLVER", dns.address(),
                                "MODUNEST_NAMESPACES_DNS_TIMEOUT", "200ms",
                                "MODUNEST_NAMESPACES_DNS_TRIES", "1",
                                "MODUNEST_NAMESPACES_MOST_PER_OWNER", "12"));
        alice = registry.newAccount("alice");
        bob = registry.newAccount("bob");
    }

    @AfterAll
    static void stop() {
        registry.close();
        dns.close();
    }

    private static JsonNode ok(HttpResponse<byte[]> response, int status) throws IOException {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        return JSON.readTree(response.body());
    }

    private static HttpResponse<byte[]> post(String token, String path, String json) {
        return registry.call(token, "POST", path, json.replace('\'', '"'));
    }

    private static String claimed(String name) throws IOException {
        ok(post(alice, PATH, "{'namespace': '" + name + "'}"), 201);
        return PATH + "/" + name;
    }

    private static void organization(String token, String name) throws IOException {
        ok(post(token, "/api/v1/organizations", "{'name': '" + name + "'}"), 201);
    }

    @Test
    void whoClaimsANamespaceHasIt() throws IOException {
        HttpResponse<byte[]> made = post(alice, PATH, "{'namespace': 'claimed'}");
        assertThat(ok(made, 201).toString())
                .isEqualTo(
                        "{\"namespace\":\"claimed\",\"owner\":{\"account\":\"alice\"},\"verified\":false,\"private\":false}");
        assertThat(made.headers().firstValue("Location")).hasValue(PATH + "/claimed");
        HttpResponse<byte[]> read = registry.get(PATH + "/claimed");
        assertThat(ok(read, 200).at("/owner/account").asText()).isEqualTo("alice");
        assertThat(read.headers().firstValue("Cache-Control")).hasValue("public, max-age=5");
        assertProblem(
                post(bob, PATH, "{'namespace': 'claimed'}"), 409, "name-taken", "another name");
        assertProblem(
                post(bob, PATH, "{'namespace': 'registry'}"), 422, "name-reserved", "registry");
        assertProblem(
                registry.publishAs(
                        bob, "claimed/tool@1.0.0", TestJars.library("claimed/tool@1.0.0")),
                403,
                "namespace-foreign",
                "claimed");
        String limited = registry.newToken("bob", "namespace.claim:bobs/*");
        assertProblem(
                post(limited, PATH, "{'namespace': 'others'}"),
                403,
                "scope-insufficient",
                "others");
        ok(post(limited, PATH, "{'namespace': 'bobs'}"), 201);
    }

    @Test
    void anOrganizationClaimsByThoseWhoManageIt() throws IOException {
        organization(alice, "claimers");
        assertProblem(
                post(bob, PATH, "{'namespace': 'claimers', 'organization': 'claimers'}"),
                403,
                "access-denied",
                "claimers");
        assertThat(
                        ok(
                                        post(
                                                alice,
                                                PATH,
                                                "{'namespace': 'claimers', 'organization': 'claimers'}"),
                                        201)
                                .at("/owner/organization")
                                .asText())
                .isEqualTo("claimers");
        ok(registry.call(alice, "PUT", "/api/v1/organizations/claimers/members/bob", "{}"), 200);
        assertProblem(
                registry.publishAs(
                        bob, "claimers/tool@1.0.0", TestJars.library("claimers/tool@1.0.0")),
                403,
                "access-denied",
                "member of the organization claimers");
        ok(
                registry.call(
                        alice,
                        "PUT",
                        "/api/v1/organizations/claimers/members/bob",
                        "{\"role\": \"admin\"}"),
                200);
        assertThat(
                        registry.publishAs(
                                        bob,
                                        "claimers/tool@1.0.0",
                                        TestJars.library("claimers/tool@1.0.0"))
                                .statusCode())
                .isEqualTo(201);
        assertProblem(
                registry.call(
                        registry.token(),
                        "POST",
                        PATH,
                        "{\"namespace\": \"none\", \"organization\": \"none\"}"),
                404,
                "organization-unknown",
                "none");
    }

    @Test
    void theNumberOfNamespacesIsBounded() throws IOException {
        String eve = registry.newAccount("eve");
        for (int i = 0; i < 12; i++) {
            ok(post(eve, PATH, "{'namespace': 'eve-" + i + "'}"), 201);
        }
        assertProblem(
                post(eve, PATH, "{'namespace': 'eve-more'}"), 409, "limit-reached", "may claim 12");
    }

    @Test
    void aDomainOfTheNameVerifiesIt() throws IOException {
        String path = claimed("dnsed");
        assertProblem(
                post(alice, path + "/verification/check", ""), 404, "challenge-unknown", "dnsed");
        assertProblem(
                post(alice, path + "/verification", "{'method': 'dns', 'domain': 'evil.com'}"),
                422,
                "domain-mismatch",
                "com-evil and evil");
        JsonNode challenge =
                ok(
                        post(
                                alice,
                                path + "/verification",
                                "{'method': 'dns', 'domain': 'DNSED.io.'}"),
                        201);
        assertThat(challenge.get("record").asText()).isEqualTo("_modunest-challenge.dnsed.io");
        assertProblem(
                post(alice, path + "/verification/check", ""),
                422,
                "verification-failed",
                challenge.get("value").asText());
        dns.put("_modunest-challenge.dnsed.io", "v=spf1 -all", challenge.get("value").asText());
        JsonNode verified = ok(post(alice, path + "/verification/check", ""), 200);
        assertThat(verified.get("verified").asBoolean()).isTrue();
        assertThat(verified.get("verified_by").asText()).isEqualTo("dns");
        assertThat(ok(registry.get(path), 200).get("domain").asText()).isEqualTo("dnsed.io");
        assertProblem(
                post(alice, path + "/verification/check", ""), 404, "challenge-unknown", "dnsed");
        assertThat(registry.texts("select action from audit where subject = 'dnsed' order by id"))
                .containsExactly("namespace.claimed", "namespace.challenged", "namespace.verified");
    }

    @Test
    void aResolverThatIsSilentIsTold() throws IOException {
        String path = claimed("silent");
        ok(post(alice, path + "/verification", "{'method': 'dns', 'domain': 'silent.io'}"), 201);
        dns.silent(true);
        HttpResponse<byte[]> response = post(alice, path + "/verification/check", "");
        dns.silent(false);
        assertProblem(response, 503, "dns-unavailable", "name servers");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aChallengeExpires() throws IOException {
        String path = claimed("late");
        ok(post(alice, path + "/verification", "{'method': 'dns', 'domain': 'late.io'}"), 201);
        registry.execute(
                "update namespace_challenges set expires_at = now() where namespace = 'late'");
        assertProblem(
                post(alice, path + "/verification/check", ""), 404, "challenge-unknown", "late");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | does not have method",
                "{'method': 'mail'} | not one of",
                "{'method': 'dns'} | does not have domain",
                "{'method': 'dns', 'domain': 'localhost'} | domain like acme.com"
            })
    void refusesAVerificationThatCannotBe(String body, String detail) throws IOException {
        if (registry.count("namespaces where name = 'odd'") == 0) {
            claimed("odd");
        }
        assertProblem(post(alice, PATH + "/odd/verification", body), 400, "change-invalid", detail);
    }

    @Test
    void noProviderVouchesWhereNoneIsSetToDoSo() throws IOException {
        String path = claimed("vouched");
        registry.execute(
                "insert into identities (issuer, subject, account_id, claims, created_at, last_seen_at) select 'https://id.example', '1', id, '{\"orgs\": [\"vouched\"]}', now(), now() from accounts where name = 'alice'");
        assertProblem(
                post(alice, path + "/verification", "{'method': 'oidc'}"),
                422,
                "verification-failed",
                "sign in");
    }

    @Test
    void aProviderVouchesForTheOrganizationsThatItNamedAtTheLastSignIn() {
        try (TestRegistry sso =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_OIDC_PROVIDERS_SSO_ISSUER", "https://id.example",
                                "MODUNEST_OIDC_PROVIDERS_SSO_CLIENT_ID", "modunest",
                                "MODUNEST_OIDC_PROVIDERS_SSO_CLIENT_SECRET", "secret",
                                "MODUNEST_OIDC_PROVIDERS_SSO_ORGANIZATION_CLAIM", "orgs"))) {
            String dora = sso.newAccount("dora");
            sso.execute(
                    "insert into identities (issuer, subject, account_id, claims, created_at, last_seen_at) select 'https://id.example', '1', id, '{\"orgs\": [\"vouched\"], \"groups\": [\"other\"]}', now(), now() from accounts where name = 'dora'");
            for (String namespace : List.of("vouched", "other")) {
                assertThat(
                                sso.call(
                                                dora,
                                                "POST",
                                                PATH,
                                                "{\"namespace\": \"" + namespace + "\"}")
                                        .statusCode())
                        .isEqualTo(201);
            }
            String method = "{\"method\": \"oidc\"}";
            assertThat(sso.call(dora, "POST", PATH + "/vouched/verification", method).statusCode())
                    .isEqualTo(200);
            assertThat(sso.texts("select verified_by from namespaces where verified"))
                    .containsExactly("oidc");
            assertProblem(
                    sso.call(dora, "POST", PATH + "/other/verification", method),
                    422,
                    "verification-failed",
                    "sign in");
        }
    }

    @Test
    void administratorsCertifyAndNobodyElse() throws IOException {
        String path = claimed("certified");
        String body = "{\"verified\": true}";
        assertProblem(
                registry.call(alice, "PATCH", path, body), 403, "administrator-required", "ask");
        assertThat(
                        ok(registry.call(registry.token(), "PATCH", path, body), 200)
                                .get("verified_by")
                                .asText())
                .isEqualTo("administrator");
        ok(registry.call(registry.token(), "PATCH", path, "{\"verified\": false}"), 200);
        assertThat(ok(registry.get(path), 200).has("verified_by")).isFalse();
        assertProblem(registry.call(alice, "PATCH", path, "{}"), 400, "change-invalid", "neither");
    }

    @Test
    void aNamespaceChangesHandsWhenTheOtherSideAccepts() throws IOException {
        String path = claimed("moving");
        ok(registry.call(registry.token(), "PATCH", path, "{\"verified\": true}"), 200);
        ok(post(alice, path + "/grants", "{'to': {'account': 'alice'}, 'role': 'owner'}"), 201);
        assertProblem(post(bob, path + "/transfer/accept", ""), 404, "transfer-unknown", "moving");
        JsonNode offer = ok(post(alice, path + "/transfer", "{'to': {'account': 'bob'}}"), 201);
        assertThat(offer.at("/to/account").asText()).isEqualTo("bob");
        assertProblem(
                post(alice, path + "/transfer/accept", ""), 404, "transfer-unknown", "moving");
        JsonNode moved = ok(post(bob, path + "/transfer/accept", ""), 200);
        assertThat(moved.at("/owner/account").asText()).isEqualTo("bob");
        assertThat(moved.get("verified").asBoolean()).isFalse();
        assertProblem(
                registry.publishAs(
                        alice, "moving/tool@1.0.0", TestJars.library("moving/tool@1.0.0")),
                403,
                "namespace-foreign",
                "alice");
        assertThat(registry.rows("grants where namespace = 'moving'")).isZero();
        assertProblem(post(bob, path + "/transfer/accept", ""), 404, "transfer-unknown", "moving");
    }

    @Test
    void anOfferIsDeclinedWithdrawnOrExpires() throws IOException {
        String path = claimed("offered");
        String offer = "{'to': {'account': 'bob'}}";
        ok(post(alice, path + "/transfer", offer), 201);
        ok(post(bob, path + "/transfer/decline", ""), 200);
        assertProblem(post(bob, path + "/transfer/accept", ""), 404, "transfer-unknown", "offered");
        ok(post(alice, path + "/transfer", offer), 201);
        ok(registry.call(alice, "DELETE", path + "/transfer", ""), 200);
        assertProblem(
                registry.call(alice, "DELETE", path + "/transfer", ""),
                404,
                "transfer-unknown",
                "offered");
        ok(post(alice, path + "/transfer", offer), 201);
        registry.execute(
                "update namespace_transfers set expires_at = now() where namespace = 'offered'");
        assertProblem(post(bob, path + "/transfer/accept", ""), 404, "transfer-unknown", "offered");
        assertProblem(post(bob, path + "/transfer", offer), 403, "namespace-foreign", "bob");
        assertProblem(
                post(alice, path + "/transfer", "{'to': {}}"), 400, "change-invalid", "one of");
        assertProblem(
                post(alice, path + "/transfer", "{'to': {'account': 'nobody'}}"),
                404,
                "account-unknown",
                "nobody");
    }

    @Test
    void anOrganizationAcceptsByThoseWhoManageIt() throws IOException {
        organization(bob, "takers");
        String path = claimed("taken");
        ok(post(alice, path + "/transfer", "{'to': {'organization': 'takers'}}"), 201);
        assertProblem(post(alice, path + "/transfer/accept", ""), 404, "transfer-unknown", "taken");
        assertThat(
                        ok(post(bob, path + "/transfer/accept", ""), 200)
                                .at("/owner/organization")
                                .asText())
                .isEqualTo("takers");
    }
}
