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
import java.util.Map;

/** Grants, what they allow, and how decisions are explained. */
class GrantIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HOST = "00000000-0000-4000-8000-000000000001";

    private static TestRegistry registry;
    private static String alice;
    private static String bob;
    private static String carol;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start(Map.of("MODUNEST_GRANTS_MOST_PER_NAMESPACE", "4"));
        alice = registry.newAccount("alice");
        bob = registry.newAccount("bob");
        carol = registry.newAccount("carol");
        registry.execute(
                "insert into hosts (id, name, algorithm, public_key, thumbprint, patterns, enrolled_by, enrolled_at) select '"
                        + HOST
                        + "', 'edge-1', 'EdDSA', 'x', 'x', '{*}', id, now() from accounts where name = 'alice'");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static JsonNode ok(HttpResponse<byte[]> response, int status) throws IOException {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        return JSON.readTree(response.body());
    }

    private static String namespace(String name) throws IOException {
        ok(
                registry.call(
                        alice, "POST", "/api/v1/namespaces", "{\"namespace\": \"" + name + "\"}"),
                201);
        return "/api/v1/namespaces/" + name + "/grants";
    }

    private static HttpResponse<byte[]> grant(String token, String path, String json) {
        return registry.call(token, "POST", path, json.replace('\'', '"'));
    }

    private static JsonNode explain(String token, String query) throws IOException {
        return ok(registry.call(token, "GET", "/api/v1/access?" + query, ""), 200);
    }

    private static int publish(String token, String coordinate) {
        return registry.publishAs(token, coordinate, TestJars.library(coordinate)).statusCode();
    }

    @Test
    void aGrantAllowsUntilItIsTakenBack() throws IOException {
        String path = namespace("shared");
        assertThat(publish(bob, "shared/tool@1.0.0")).isEqualTo(403);

        JsonNode made =
                ok(grant(alice, path, "{'to': {'account': 'bob'}, 'role': 'publisher'}"), 201);
        assertThat(publish(bob, "shared/tool@1.0.0")).isEqualTo(201);
        assertThat(
                        registry.call(
                                        bob,
                                        "PATCH",
                                        "/api/v1/plugins/shared/tool/1.0.0",
                                        "{\"yanked\": {\"reason\": \"x\"}}")
                                .statusCode())
                .isEqualTo(403);
        assertThat(explain(bob, "action=release.publish&resource=shared").get("because").asText())
                .isEqualTo(
                        "grant "
                                + made.get("grant").asLong()
                                + " gives account bob the role publisher on shared/*");
        assertThat(
                        ok(registry.call(alice, "GET", path, ""), 200)
                                .at("/grants/0/to/account")
                                .asText())
                .isEqualTo("bob");

        ok(registry.call(alice, "DELETE", path + "/" + made.get("grant").asLong(), ""), 200);
        assertThat(publish(bob, "shared/tool@1.1.0")).isEqualTo(403);
        assertProblem(
                registry.call(alice, "DELETE", path + "/" + made.get("grant").asLong(), ""),
                404,
                "grant-unknown",
                "lists those");
        assertProblem(
                registry.call(alice, "DELETE", path + "/x", ""), 400, "parameter-invalid", "'x'");
        assertThat(registry.texts("select action from audit where subject = 'shared' order by id"))
                .containsExactly("namespace.claimed", "grant.made", "grant.taken-back");
    }

    @Test
    void aGrantOnAPluginIsOfThatPluginAndThoseActions() throws IOException {
        String path = namespace("fine");
        assertThat(publish(alice, "fine/one@1.0.0")).isEqualTo(201);
        assertThat(publish(alice, "fine/two@1.0.0")).isEqualTo(201);
        ok(
                grant(
                        alice,
                        path,
                        "{'to': {'account': 'bob'}, 'actions': ['release.yank'], 'plugin': 'one', 'expires_at': '2999-01-01T00:00:00Z'}"),
                201);
        String yank = "{\"yanked\": {\"reason\": \"broken\"}}";
        ok(registry.call(bob, "PATCH", "/api/v1/plugins/fine/one/1.0.0", yank), 200);
        assertProblem(
                registry.call(bob, "PATCH", "/api/v1/plugins/fine/two/1.0.0", yank),
                403,
                "namespace-foreign",
                "bob");
        assertProblem(
                registry.call(
                        bob,
                        "PATCH",
                        "/api/v1/plugins/fine/one/1.0.0",
                        "{\"deprecated\": {\"reason\": \"old\"}}"),
                403,
                "access-denied",
                "release.deprecate");
    }

    @Test
    void aGrantEndsWhenItExpires() throws IOException {
        String path = namespace("ending");
        JsonNode made =
                ok(
                        grant(
                                alice,
                                path,
                                "{'to': {'account': 'bob'}, 'role': 'publisher', 'expires_at': '2999-01-01T00:00:00Z'}"),
                        201);
        assertThat(made.get("expires_at").asText()).isEqualTo("2999-01-01T00:00:00Z");
        registry.execute("update grants set expires_at = now() where namespace = 'ending'");
        String other = registry.newAccount("other");
        ok(grant(alice, path, "{'to': {'account': 'other'}, 'role': 'reader'}"), 201);
        assertThat(publish(bob, "ending/tool@1.0.0")).isEqualTo(403);
        assertThat(publish(other, "ending/tool@1.0.0")).isEqualTo(403);
        assertThat(registry.rows("grants where namespace = 'ending'")).isEqualTo(1);
    }

    @Test
    void nobodyGrantsWhatTheyDoNotHave() throws IOException {
        String path = namespace("delegated");
        ok(
                grant(
                        alice,
                        path,
                        "{'to': {'account': 'bob'}, 'actions': ['grant.manage', 'release.yank']}"),
                201);
        ok(grant(bob, path, "{'to': {'account': 'carol'}, 'actions': ['release.yank']}"), 201);
        assertProblem(
                grant(bob, path, "{'to': {'account': 'bob'}, 'role': 'owner'}"),
                403,
                "access-denied",
                "bob");
        assertProblem(
                grant(registry.token(), path, "{'to': {'account': 'carol'}, 'role': 'publisher'}"),
                403,
                "namespace-foreign",
                "release.publish");
        String limited = registry.newToken("alice", "grant.manage:delegated/*");
        assertProblem(
                grant(limited, path, "{'to': {'account': 'carol'}, 'role': 'reader'}"),
                403,
                "scope-insufficient",
                "release.read");
        assertProblem(
                grant(carol, path, "{'to': {'account': 'carol'}, 'role': 'reader'}"),
                403,
                "access-denied",
                "carol");
    }

    @Test
    void teamsAndOrganizationsShareWhatTheyAreGiven() throws IOException {
        String path = namespace("teamwork");
        ok(registry.call(alice, "POST", "/api/v1/organizations", "{\"name\": \"workers\"}"), 201);
        String organization = "/api/v1/organizations/workers";
        ok(registry.call(alice, "PUT", organization + "/members/bob", "{}"), 200);
        ok(registry.call(alice, "PUT", organization + "/members/carol", "{}"), 200);
        ok(registry.call(alice, "PUT", organization + "/teams/core", ""), 200);
        ok(registry.call(alice, "PUT", organization + "/teams/core/members/bob", ""), 200);
        ok(grant(alice, path, "{'to': {'team': 'workers/core'}, 'role': 'publisher'}"), 201);
        ok(
                grant(
                        alice,
                        path,
                        "{'to': {'organization': 'workers'}, 'actions': ['release.deprecate']}"),
                201);
        assertThat(publish(bob, "teamwork/tool@1.0.0")).isEqualTo(201);
        assertThat(publish(carol, "teamwork/tool@1.1.0")).isEqualTo(403);
        ok(
                registry.call(
                        carol,
                        "PATCH",
                        "/api/v1/plugins/teamwork/tool/1.0.0",
                        "{\"deprecated\": {\"reason\": \"old\"}}"),
                200);
        ok(registry.call(alice, "DELETE", organization + "/members/bob", ""), 200);
        assertThat(publish(bob, "teamwork/tool@1.1.0")).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | 400 | change-invalid | either role or actions",
                "{'role': 'reader'} | 400 | change-invalid | to is not an object",
                "{'to': {}, 'role': 'reader'} | 400 | change-invalid | to has one of",
                "{'to': {'account': 'a', 'team': 'b/c'}, 'role': 'reader'} | 400 | change-invalid | to has one of",
                "{'to': {'account': null}, 'role': 'reader'} | 400 | change-invalid | to has one of",
                "{'to': {'account': 'bob'}, 'role': 'king'} | 400 | change-invalid | not one of",
                "{'to': {'account': 'bob'}, 'role': 'reader', 'actions': ['release.read']} | 400 | change-invalid | either",
                "{'to': {'account': 'bob'}, 'actions': ['audit.read']} | 400 | change-invalid | no action that is granted",
                "{'to': {'account': 'bob'}, 'actions': [1]} | 400 | change-invalid | that is no text",
                "{'to': {'account': 'bob'}, 'role': 'owner', 'plugin': 'x'} | 400 | change-invalid | single plugin",
                "{'to': {'account': 'bob'}, 'role': 'reader', 'expires_at': '2001-01-01T00:00:00Z'} | 400 | change-invalid | is over",
                "{'to': {'account': 'bob'}, 'role': 'reader', 'expires_at': 'soon'} | 400 | change-invalid | RFC 3339",
                "{'to': {'host': 'x'}, 'role': 'reader'} | 400 | change-invalid | id of a host",
                "{'to': {'host': '00000000-0000-4000-8000-000000000001'}, 'role': 'publisher'} | 400 | change-invalid | To a host",
                "{'to': {'host': '00000000-0000-4000-8000-000000000009'}, 'role': 'reader'} | 404 | host-unknown | check",
                "{'to': {'team': 'x'}, 'role': 'reader'} | 400 | change-invalid | organization/team",
                "{'to': {'team': 'no/such'}, 'role': 'reader'} | 404 | team-unknown | no/such",
                "{'to': {'organization': 'none'}, 'role': 'reader'} | 404 | organization-unknown | none",
                "{'to': {'account': 'nobody'}, 'role': 'reader'} | 404 | account-unknown | nobody"
            })
    void refusesAGrantThatCannotBe(String body, int status, String code, String detail)
            throws IOException {
        if (registry.count("namespaces where name = 'strict'") == 0) {
            namespace("strict");
        }
        assertProblem(grant(alice, "/api/v1/namespaces/strict/grants", body), status, code, detail);
    }

    @Test
    void theNumberOfGrantsIsBounded() throws IOException {
        String path = namespace("many");
        String reader = "{'to': {'account': 'bob'}, 'role': 'reader'}";
        for (int i = 0; i < 4; i++) {
            ok(grant(alice, path, reader), 201);
        }
        assertProblem(grant(alice, path, reader), 409, "limit-reached", "may be 4");
    }

    @Test
    void decisionsAreExplainedToWhomTheyConcern() throws IOException {
        String path = namespace("explained");
        ok(grant(alice, path, "{'to': {'host': '" + HOST + "'}, 'role': 'reader'}"), 201);
        JsonNode own = explain(alice, "action=release.publish&resource=explained/tool");
        assertThat(own.get("allowed").asBoolean()).isTrue();
        assertThat(own.get("verdict").asText()).isEqualTo("allowed");
        assertThat(own.get("because").asText()).isEqualTo("alice owns the namespace explained");

        JsonNode foreign = explain(bob, "action=release.yank&resource=explained&account=bob");
        assertThat(foreign.get("allowed").asBoolean()).isFalse();
        assertThat(foreign.get("verdict").asText()).isEqualTo("foreign");

        assertThat(
                        explain(alice, "action=release.yank&resource=explained&account=bob")
                                .get("subject")
                                .asText())
                .isEqualTo("account bob");
        assertThat(
                        explain(
                                        registry.token(),
                                        "action=release.read&resource=explained/tool&host=" + HOST)
                                .get("because")
                                .asText())
                .contains("the policy of the host edge-1");
        assertProblem(
                registry.call(
                        bob,
                        "GET",
                        "/api/v1/access?action=release.yank&resource=explained&account=alice",
                        ""),
                403,
                "namespace-foreign",
                "bob");
        assertThat(
                        explain(
                                        registry.newToken("alice", "access.explain:*"),
                                        "action=release.yank&resource=explained")
                                .get("verdict")
                                .asText())
                .isEqualTo("out-of-scope");
    }

    @Test
    void aPrivateNamespaceIsExplainedAsOneThatIsNotThere() throws IOException {
        ok(
                registry.call(
                        alice,
                        "POST",
                        "/api/v1/namespaces",
                        "{\"namespace\": \"veiled\", \"private\": true}"),
                201);
        String limited = registry.newToken("bob", "access.explain:*");
        for (String action : new String[] {"release.read", "release.yank", "grant.manage"}) {
            for (String plugin : new String[] {"", "/tool"}) {
                for (String token : new String[] {bob, limited}) {
                    String query = "action=" + action + "&resource=";
                    String there = explain(token, query + "veiled" + plugin).toString();
                    String absent = explain(token, query + "absent" + plugin).toString();
                    assertThat(there.replace("veiled", "absent")).isEqualTo(absent);
                }
            }
        }
        assertProblem(
                registry.call(
                        bob,
                        "GET",
                        "/api/v1/access?action=release.yank&resource=veiled&account=alice",
                        ""),
                404,
                "namespace-unknown",
                "veiled");
        assertThat(explain(alice, "action=release.read&resource=veiled").get("allowed").asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'', resource is missing",
        "resource=strict, action is missing",
        "resource=strict&action=fly, action is one of",
        "resource=A_B&action=release.read, resource is a namespace or a plugin",
        "resource=strict&action=release.read&account=a&host=b, not asked about together"
    })
    void refusesAQuestionThatCannotBeUnderstood(String query, String detail) {
        assertProblem(
                registry.call(alice, "GET", "/api/v1/access?" + query, ""),
                400,
                "parameter-invalid",
                detail);
    }

    @Test
    void whoIsAskedAboutHasToBe() {
        String query = "/api/v1/access?resource=any&action=release.read&";
        registry.published("any/tool@1.0.0");
        assertProblem(
                registry.call(registry.token(), "GET", query + "account=nobody", ""),
                404,
                "account-unknown",
                "nobody");
        for (String host : new String[] {"x", "00000000-0000-4000-8000-000000000009"}) {
            assertProblem(
                    registry.call(registry.token(), "GET", query + "host=" + host, ""),
                    404,
                    "host-unknown",
                    host);
        }
    }
}
