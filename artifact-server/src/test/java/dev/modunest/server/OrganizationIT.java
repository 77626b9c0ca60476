package dev.modunest.server;

import static dev.modunest.server.TestRegistry.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Organisations, their members and teams. */
class OrganizationIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/api/v1/organizations";

    private static TestRegistry registry;
    private static String alice;
    private static String bob;
    private static String carol;

    @BeforeAll
    static void start() {
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_ORGANIZATIONS_MOST_MEMBERS", "3",
                                "MODUNEST_ORGANIZATIONS_MOST_TEAMS", "2",
                                "MODUNEST_ORGANIZATIONS_MOST_PER_ACCOUNT", "10"));
        alice = registry.newAccount("alice");
        bob = registry.newAccount("bob");
        carol = registry.newAccount("carol");
        registry.newAccount("dave");
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

    private static String organization(String name) throws IOException {
        ok(registry.call(alice, "POST", PATH, "{\"name\": \"" + name + "\"}"), 201);
        return PATH + "/" + name;
    }

    private static HttpResponse<byte[]> member(
            String token, String path, String account, String role) {
        return registry.call(
                token, "PUT", path + "/members/" + account, "{\"role\": \"" + role + "\"}");
    }

    private static HttpResponse<byte[]> remove(String token, String path, String account) {
        return registry.call(token, "DELETE", path + "/members/" + account, "");
    }

    @Test
    void whoMakesAnOrganizationOwnsItAndFindsIt() throws IOException {
        HttpResponse<byte[]> made =
                registry.call(
                        alice,
                        "POST",
                        PATH,
                        "{\"name\": \"made\", \"display_name\": \"Made & Co\"}",
                        "Idempotency-Key",
                        "once");
        JsonNode document = ok(made, 201);
        assertThat(made.headers().firstValue("Location")).hasValue(PATH + "/made");
        assertThat(document.path("display_name").asText()).isEqualTo("Made & Co");
        assertThat(document.at("/members/0/account").asText()).isEqualTo("alice");
        assertThat(document.at("/members/0/role").asText()).isEqualTo("owner");

        HttpResponse<byte[]> again =
                registry.call(
                        alice,
                        "POST",
                        PATH,
                        "{\"name\": \"made\", \"display_name\": \"Made & Co\"}",
                        "Idempotency-Key",
                        "once");
        assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertProblem(
                registry.call(bob, "POST", PATH, "{\"name\": \"made\"}"),
                409,
                "name-taken",
                "another name");
        assertThat(ok(registry.call(alice, "GET", PATH, ""), 200).toString())
                .contains("\"organization\":\"made\"", "\"role\":\"owner\"");
        assertThat(ok(registry.call(bob, "GET", PATH, ""), 200).toString()).doesNotContain("made");
        assertThat(registry.texts("select action from audit where subject = 'made'"))
                .containsExactly("organization.created");
    }

    @Test
    void refusesNamesAndBodiesThatCannotBe() {
        assertProblem(
                registry.call(alice, "POST", PATH, "{\"name\": \"official\"}"),
                422,
                "name-reserved",
                "official");
        assertProblem(
                registry.call(alice, "POST", PATH, "{\"name\": \"Not OK\"}"),
                400,
                "change-invalid",
                "name is 'Not OK'");
        assertProblem(
                registry.call(alice, "POST", PATH, "{}"), 400, "change-invalid", "not have name");
        assertProblem(
                registry.call(alice, "POST", PATH, "[]"), 400, "change-invalid", "JSON object");
        assertProblem(
                registry.call(alice, "POST", PATH, "{\"name\": \"x\", \"y\": 1}"),
                400,
                "change-invalid",
                "field y");
        assertProblem(
                registry.call(alice, "POST", PATH, "{\"name\": 1}"),
                400,
                "change-invalid",
                "line of 1 to 64");
        assertProblem(
                registry.call(alice, "GET", PATH + "/No_Name", ""),
                400,
                "coordinate-invalid",
                "organization");
    }

    @Test
    void onlyOwnersMakeAndUnmakeOwners() throws IOException {
        String path = organization("owned");
        ok(member(alice, path, "bob", "admin"), 200);
        assertProblem(member(bob, path, "carol", "owner"), 403, "access-denied", "only an owner");
        assertProblem(member(bob, path, "bob", "owner"), 403, "access-denied", "only an owner");
        assertProblem(member(bob, path, "alice", "member"), 403, "access-denied", "only an owner");
        assertProblem(remove(bob, path, "alice"), 403, "access-denied", "only an owner");
        ok(member(bob, path, "carol", "member"), 200);
        assertProblem(member(carol, path, "carol", "admin"), 403, "access-denied", "carol");
        ok(member(alice, path, "bob", "owner"), 200);
        ok(remove(bob, path, "alice"), 200);
        assertProblem(
                registry.call(alice, "GET", path, ""), 403, "access-denied", "organization owned");
    }

    @Test
    void theLastOwnerStaysAndOthersMayLeave() throws IOException {
        String path = organization("staying");
        ok(member(alice, path, "bob", "member"), 200);
        assertProblem(remove(alice, path, "alice"), 409, "last-owner", "make another");
        assertProblem(member(alice, path, "alice", "admin"), 409, "last-owner", "make another");
        assertProblem(remove(registry.token(), path, "alice"), 409, "last-owner", "make another");
        ok(remove(bob, path, "bob"), 200);
        assertProblem(remove(alice, path, "bob"), 404, "member-unknown", "bob");
        assertProblem(member(alice, path, "nobody", "member"), 404, "account-unknown", "nobody");
    }

    @Test
    void aCredentialThatOnlyReadsDoesNotLeave() throws IOException {
        String path = organization("reading");
        ok(member(alice, path, "bob", "member"), 200);
        String reads = registry.newToken("bob", "organization.read:*");
        ok(registry.call(reads, "GET", path, ""), 200);
        assertProblem(remove(reads, path, "bob"), 403, "scope-insufficient", "account.manage");
        assertProblem(
                remove(reads, path, "alice"), 403, "scope-insufficient", "organization.manage");
    }

    @Test
    void theNumberOfMembersAndTeamsIsBounded() throws IOException {
        String path = organization("bounded");
        ok(member(alice, path, "bob", "member"), 200);
        ok(member(alice, path, "carol", "member"), 200);
        assertProblem(member(alice, path, "dave", "member"), 409, "limit-reached", "may be 3");
        ok(member(alice, path, "carol", "admin"), 200);
        ok(registry.call(alice, "PUT", path + "/teams/a", ""), 200);
        ok(registry.call(alice, "PUT", path + "/teams/b", ""), 200);
        ok(registry.call(alice, "PUT", path + "/teams/b", ""), 200);
        assertProblem(
                registry.call(alice, "PUT", path + "/teams/c", ""),
                409,
                "limit-reached",
                "may be 2");
        String eve = registry.newAccount("eve");
        for (int i = 0; i < 10; i++) {
            ok(registry.call(eve, "POST", PATH, "{\"name\": \"eves-" + i + "\"}"), 201);
        }
        assertProblem(
                registry.call(eve, "POST", PATH, "{\"name\": \"eves\"}"),
                409,
                "limit-reached",
                "may be 10");
    }

    @Test
    void teamsHaveMembersOfTheOrganization() throws IOException {
        String path = organization("teamed");
        String team = path + "/teams/core";
        assertProblem(registry.call(alice, "GET", team, ""), 404, "team-unknown", "teamed/core");
        ok(registry.call(alice, "PUT", team, ""), 200);
        assertProblem(
                registry.call(alice, "PUT", team + "/members/bob", ""),
                404,
                "member-unknown",
                "bob");
        ok(member(alice, path, "bob", "member"), 200);
        ok(registry.call(alice, "PUT", team + "/members/bob", ""), 200);
        assertThat(ok(registry.call(bob, "GET", team, ""), 200).at("/members/0/account").asText())
                .isEqualTo("bob");
        assertThat(ok(registry.call(alice, "GET", path, ""), 200).at("/teams/0/members").asInt())
                .isEqualTo(1);
        assertProblem(
                registry.call(bob, "PUT", team + "/members/bob", ""), 403, "access-denied", "bob");
        ok(registry.call(alice, "DELETE", team + "/members/bob", ""), 200);
        assertProblem(
                registry.call(alice, "DELETE", team + "/members/bob", ""),
                404,
                "member-unknown",
                "teamed/core");
        ok(registry.call(alice, "PUT", team + "/members/bob", ""), 200);
        ok(remove(alice, path, "bob"), 200);
        assertThat(ok(registry.call(alice, "GET", team, ""), 200).path("members")).isEmpty();
        ok(registry.call(alice, "DELETE", team, ""), 200);
        assertProblem(registry.call(alice, "DELETE", team, ""), 404, "team-unknown", "teamed/core");
    }

    @Test
    void anOrganizationThatIsNotThereIsToldToAdministratorsAlone() {
        assertProblem(
                registry.call(registry.token(), "GET", PATH + "/none", ""),
                404,
                "organization-unknown",
                "none");
        assertProblem(
                registry.call(registry.token(), "PUT", PATH + "/none/teams/a", ""),
                404,
                "organization-unknown",
                "none");
        assertProblem(
                registry.call(alice, "GET", PATH + "/none", ""), 403, "access-denied", "none");
    }

    @Test
    void anAdminGivesNobodyByATeamWhatTheyDoNotHave() throws IOException {
        String path = organization("escalating");
        ok(member(alice, path, "bob", "admin"), 200);
        ok(
                registry.call(
                        alice,
                        "POST",
                        "/api/v1/namespaces",
                        "{\"namespace\": \"escalating\", \"organization\": \"escalating\"}"),
                201);
        ok(registry.call(alice, "PUT", path + "/teams/owners", ""), 200);
        ok(
                registry.call(
                        alice,
                        "POST",
                        "/api/v1/namespaces/escalating/grants",
                        "{\"to\": {\"team\": \"escalating/owners\"}, \"role\": \"owner\"}"),
                201);
        assertProblem(
                registry.call(bob, "PUT", path + "/teams/owners/members/bob", ""),
                403,
                "access-denied",
                "namespace escalating");
        ok(registry.call(alice, "PUT", path + "/teams/owners/members/bob", ""), 200);
    }
}
