package dev.modunest.server.organization;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.db.Database;
import dev.modunest.db.identity.Organization;
import dev.modunest.db.identity.Team;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.body.ChangeConfig;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.name.ReservedNames;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.PathCoordinates;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/organizations} and what is under it. */
public final class OrganizationEndpoint {

    private static final int MAX_DISPLAY_NAME = 200;

    private final ChangeConfig bounds;
    private final Database database;
    private final PluginAuthService auth;
    private final Organizations organizations;

    public OrganizationEndpoint(
            ChangeConfig bounds,
            OrganizationsConfig config,
            ReservedNames names,
            Database database,
            PluginAuthService auth,
            Mutations mutations,
            InstantSource clock) {
        this.bounds = bounds;
        this.database = database;
        this.auth = auth;
        this.organizations = new Organizations(config, names, auth, mutations, clock);
    }

    /** {@code POST /api/v1/organizations}. */
    public void create(ServerRequest request, ServerResponse response) {
        JsonBody body = JsonBody.read(request, bounds.maxBody(), Set.of("name", "display_name"));
        organizations
                .create(
                        mutation(request, body.digest()),
                        body.name("name"),
                        body.findLine("display_name", MAX_DISPLAY_NAME))
                .send(request, response);
    }

    /** {@code GET /api/v1/organizations}: those that the account is in. */
    public void list(ServerRequest request, ServerResponse response) {
        long account = Caller.account(request).id();
        send(
                request,
                response,
                OrganizationDocuments.list(
                        database.read(tx -> tx.organizations().ofAccount(account))));
    }

    /** {@code GET /api/v1/organizations/{organization}}. */
    public void get(ServerRequest request, ServerResponse response) {
        String name = organization(request);
        send(
                request,
                response,
                database.read(
                        tx ->
                                Organizations.document(
                                        tx, find(tx.organizations().find(name), name))));
    }

    /** {@code PUT /api/v1/organizations/{organization}/members/{account}}. */
    public void putMember(ServerRequest request, ServerResponse response) {
        JsonBody body = JsonBody.read(request, bounds.maxBody(), Set.of("role"));
        String role =
                body.findWord(
                                "role",
                                Set.of(MemberRules.OWNER, MemberRules.ADMIN, MemberRules.MEMBER))
                        .orElse(MemberRules.MEMBER);
        organizations
                .putMember(
                        mutation(request, body.digest()),
                        organization(request),
                        account(request),
                        role)
                .send(request, response);
    }

    /** {@code DELETE /api/v1/organizations/{organization}/members/{account}}. */
    public void deleteMember(ServerRequest request, ServerResponse response) {
        Principal.Developer caller = Caller.developer(request);
        String account = account(request);
        if (account.equals(caller.account().name())) {
            auth.require(caller, new Resource.Self(), Action.ACCOUNT_MANAGE);
        } else {
            auth.require(
                    caller,
                    new Resource.OfOrganization(organization(request)),
                    Action.ORGANIZATION_MANAGE);
        }
        organizations
                .removeMember(mutation(request, ""), organization(request), account)
                .send(request, response);
    }

    /** {@code GET /api/v1/organizations/{organization}/teams/{team}}. */
    public void getTeam(ServerRequest request, ServerResponse response) {
        String name = organization(request);
        String team = team(request);
        send(
                request,
                response,
                database.read(
                        tx -> {
                            Organization organization = find(tx.organizations().find(name), name);
                            Team found =
                                    tx.teams()
                                            .find(organization.id(), team)
                                            .orElseThrow(
                                                    () -> Organizations.unknownTeam(name, team));
                            return OrganizationDocuments.team(
                                    name, found, tx.teams().members(found.id()));
                        }));
    }

    /** {@code PUT /api/v1/organizations/{organization}/teams/{team}}. */
    public void putTeam(ServerRequest request, ServerResponse response) {
        organizations
                .putTeam(mutation(request, ""), organization(request), team(request))
                .send(request, response);
    }

    /** {@code DELETE /api/v1/organizations/{organization}/teams/{team}}. */
    public void deleteTeam(ServerRequest request, ServerResponse response) {
        organizations
                .removeTeam(mutation(request, ""), organization(request), team(request))
                .send(request, response);
    }

    /** {@code PUT /api/v1/organizations/{organization}/teams/{team}/members/{account}}. */
    public void putTeamMember(ServerRequest request, ServerResponse response) {
        organizations
                .putTeamMember(
                        mutation(request, ""),
                        organization(request),
                        team(request),
                        account(request))
                .send(request, response);
    }

    /** {@code DELETE /api/v1/organizations/{organization}/teams/{team}/members/{account}}. */
    public void deleteTeamMember(ServerRequest request, ServerResponse response) {
        organizations
                .removeTeamMember(
                        mutation(request, ""),
                        organization(request),
                        team(request),
                        account(request))
                .send(request, response);
    }

    private static Organization find(Optional<Organization> found, String name) {
        return found.orElseThrow(() -> OrganizationChange.unknown(name));
    }

    private static Mutation mutation(ServerRequest request, String content) {
        return Mutation.of(request, Caller.account(request), content);
    }

    private static String organization(ServerRequest request) {
        return PathCoordinates.name(request, "organization");
    }

    private static String team(ServerRequest request) {
        return PathCoordinates.name(request, "team");
    }

    private static String account(ServerRequest request) {
        return PathCoordinates.name(request, "account");
    }

    private static void send(ServerRequest request, ServerResponse response, JsonNode document) {
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(
                request,
                response,
                "application/json",
                document.toString().getBytes(StandardCharsets.UTF_8));
    }
}
