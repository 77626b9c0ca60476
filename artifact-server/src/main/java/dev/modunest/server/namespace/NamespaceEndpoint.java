package dev.modunest.server.namespace;

import dev.modunest.db.Database;
import dev.modunest.db.Namespace;
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
import dev.modunest.server.trust.RegistryActs;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/namespaces} and what is under it, but for grants. */
public final class NamespaceEndpoint {

    private static final int MAX_DOMAIN = 254;

    private final ChangeConfig bounds;
    private final Database database;
    private final PluginAuthService auth;
    private final Namespaces namespaces;
    private final Verification verification;

    /**
     * Ready for use.
     *
     * @param organizationClaims by issuer the claim by which it vouches for organisations
     */
    public NamespaceEndpoint(
            ChangeConfig bounds,
            NamespacesConfig config,
            ReservedNames names,
            Map<String, String> organizationClaims,
            Database database,
            PluginAuthService auth,
            RegistryActs acts,
            Mutations mutations,
            InstantSource clock) {
        this.bounds = bounds;
        this.database = database;
        this.auth = auth;
        this.namespaces = new Namespaces(config, names, auth, acts, mutations, clock);
        this.verification =
                new Verification(config, organizationClaims, database, auth, mutations, clock);
    }

    /** {@code POST /api/v1/namespaces}. */
    public void claim(ServerRequest request, ServerResponse response) {
        JsonBody body =
                JsonBody.read(
                        request, bounds.maxBody(), Set.of("namespace", "organization", "private"));
        Principal.Developer caller = Caller.developer(request);
        String name = body.name("namespace");
        auth.requireScope(
                caller, Optional.of(new Resource.OfNamespace(name)), Action.NAMESPACE_CLAIM);
        namespaces
                .claim(
                        caller,
                        mutation(request, body),
                        name,
                        body.findName("organization"),
                        body.findFlag("private").orElse(false))
                .send(request, response);
    }

    /** {@code GET /api/v1/namespaces/{namespace}}. */
    public void get(ServerRequest request, ServerResponse response) {
        Namespace namespace =
                database.read(tx -> tx.namespaces().find(name(request)))
                        .orElseThrow(() -> PathCoordinates.unknownNamespace(request));
        response.header(HeaderNames.CACHE_CONTROL, "public, max-age=5");
        Answers.send(
                request,
                response,
                "application/json",
                NamespaceDocuments.namespace(namespace)
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** {@code PATCH /api/v1/namespaces/{namespace}}. */
    public void patch(ServerRequest request, ServerResponse response) {
        JsonBody body = JsonBody.read(request, bounds.maxBody(), Set.of("verified", "private"));
        Optional<Boolean> verified = body.findFlag("verified");
        Optional<Boolean> secret = body.findFlag("private");
        if (verified.isEmpty() && secret.isEmpty()) {
            throw JsonBody.invalid("The body has neither private nor verified");
        }
        namespaces
                .patch(
                        Caller.developer(request),
                        mutation(request, body),
                        name(request),
                        verified,
                        secret)
                .send(request, response);
    }

    /** {@code POST /api/v1/namespaces/{namespace}/verification}. */
    public void verify(ServerRequest request, ServerResponse response) {
        JsonBody body = JsonBody.read(request, bounds.maxBody(), Set.of("method", "domain"));
        Principal.Developer caller = Caller.developer(request);
        String method =
                body.findWord("method", Set.of("dns", "oidc"))
                        .orElseThrow(() -> JsonBody.invalid("The body does not have method"));
        if (method.equals("oidc")) {
            verification
                    .byProvider(caller, mutation(request, body), name(request))
                    .send(request, response);
            return;
        }
        String text = body.line("domain", MAX_DOMAIN);
        DomainName domain =
                DomainName.tryParse(text)
                        .orElseThrow(
                                () ->
                                        JsonBody.invalid(
                                                "domain is a domain like acme.com, not '"
                                                        + text
                                                        + "'"));
        verification
                .challenge(caller, mutation(request, body), name(request), domain)
                .send(request, response);
    }

    /** {@code POST /api/v1/namespaces/{namespace}/verification/check}. */
    public void check(ServerRequest request, ServerResponse response) {
        verification
                .check(Caller.developer(request), mutation(request), name(request))
                .send(request, response);
    }

    /** {@code POST /api/v1/namespaces/{namespace}/transfer}. */
    public void offer(ServerRequest request, ServerResponse response) {
        JsonBody body = JsonBody.read(request, bounds.maxBody(), Set.of("to"));
        JsonBody to = body.inner("to", Set.of("account", "organization"));
        if (to.object().size() != 1) {
            throw JsonBody.invalid("to has one of account and organization");
        }
        Optional<String> organization = to.findName("organization");
        Optional<String> account =
                organization.isPresent() ? Optional.empty() : Optional.of(to.name("account"));
        namespaces
                .offer(
                        Caller.developer(request),
                        mutation(request, body),
                        name(request),
                        account,
                        organization)
                .send(request, response);
    }

    /** {@code DELETE /api/v1/namespaces/{namespace}/transfer}. */
    public void withdraw(ServerRequest request, ServerResponse response) {
        namespaces
                .withdraw(Caller.developer(request), mutation(request), name(request))
                .send(request, response);
    }

    /** {@code POST /api/v1/namespaces/{namespace}/transfer/accept}. */
    public void accept(ServerRequest request, ServerResponse response) {
        namespaces
                .accept(Caller.developer(request), mutation(request), name(request))
                .send(request, response);
    }

    /** {@code POST /api/v1/namespaces/{namespace}/transfer/decline}. */
    public void decline(ServerRequest request, ServerResponse response) {
        namespaces
                .decline(Caller.developer(request), mutation(request), name(request))
                .send(request, response);
    }

    private static Mutation mutation(ServerRequest request, JsonBody body) {
        return Mutation.of(request, Caller.account(request), body.digest());
    }

    private static Mutation mutation(ServerRequest request) {
        return Mutation.of(request, Caller.account(request), "");
    }

    private static String name(ServerRequest request) {
        return PathCoordinates.namespace(request);
    }
}
