package dev.modunest.server;

import static dev.modunest.server.admission.LimitedAction.CHANGE;
import static dev.modunest.server.admission.LimitedAction.PUBLISH;
import static dev.modunest.server.admission.LimitedAction.RESOLVE;
import static dev.modunest.server.admission.LimitedAction.SEARCH;
import static dev.modunest.server.admission.LimitedAction.STAMP;
import static dev.modunest.server.auth.Action.ACCESS_EXPLAIN;
import static dev.modunest.server.auth.Action.ACCOUNT_ADMINISTER;
import static dev.modunest.server.auth.Action.ACCOUNT_MANAGE;
import static dev.modunest.server.auth.Action.ACCOUNT_READ;
import static dev.modunest.server.auth.Action.AUDIT_READ;
import static dev.modunest.server.auth.Action.CERTIFICATE_ISSUE;
import static dev.modunest.server.auth.Action.CERTIFICATE_REVOKE;
import static dev.modunest.server.auth.Action.DOWNLOADS_REPORT;
import static dev.modunest.server.auth.Action.GRANT_MANAGE;
import static dev.modunest.server.auth.Action.HOST_MANAGE;
import static dev.modunest.server.auth.Action.NAMESPACE_CERTIFY;
import static dev.modunest.server.auth.Action.NAMESPACE_CLAIM;
import static dev.modunest.server.auth.Action.NAMESPACE_MANAGE;
import static dev.modunest.server.auth.Action.NAMESPACE_TRANSFER;
import static dev.modunest.server.auth.Action.ORGANIZATION_CREATE;
import static dev.modunest.server.auth.Action.ORGANIZATION_MANAGE;
import static dev.modunest.server.auth.Action.ORGANIZATION_READ;
import static dev.modunest.server.auth.Action.PUBLISH_READ;
import static dev.modunest.server.auth.Action.RELEASE_DELETE;
import static dev.modunest.server.auth.Action.RELEASE_DEPRECATE;
import static dev.modunest.server.auth.Action.RELEASE_PUBLISH;
import static dev.modunest.server.auth.Action.RELEASE_QUARANTINE;
import static dev.modunest.server.auth.Action.RELEASE_YANK;
import static dev.modunest.server.auth.Action.TRUSTED_PUBLISHER_MANAGE;

import dev.modunest.server.access.AccessEndpoint;
import dev.modunest.server.access.GrantEndpoint;
import dev.modunest.server.account.Accounts;
import dev.modunest.server.admission.RateLimits;
import dev.modunest.server.audit.AuditEndpoint;
import dev.modunest.server.catalog.CatalogEndpoint;
import dev.modunest.server.catalog.IndexEndpoint;
import dev.modunest.server.download.DownloadEndpoint;
import dev.modunest.server.download.DownloadsEndpoint;
import dev.modunest.server.events.EventsEndpoint;
import dev.modunest.server.guard.Access;
import dev.modunest.server.guard.Guard;
import dev.modunest.server.health.HealthEndpoint;
import dev.modunest.server.host.Hosts;
import dev.modunest.server.lifecycle.Lifecycle;
import dev.modunest.server.namespace.NamespaceEndpoint;
import dev.modunest.server.oauth.OAuthEndpoints;
import dev.modunest.server.organization.OrganizationEndpoint;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.publish.Publishing;
import dev.modunest.server.resolve.ResolveEndpoint;
import dev.modunest.server.serial.SerialHeaders;
import dev.modunest.server.signin.SigningIn;
import dev.modunest.server.trusted.TrustedPublishers;

import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The whole HTTP surface. */
final class Routes {

    private final Map<String, Map<String, Handler>> byPath = new LinkedHashMap<>();
    private final Map<String, Map<String, Access>> access = new LinkedHashMap<>();
    private final Guard guard;
    private final SerialHeaders serial;

    Routes(
            Guard guard,
            RateLimits limits,
            SerialHeaders serial,
            CatalogEndpoint catalog,
            Publishing publishing,
            ResolveEndpoint resolve,
            IndexEndpoint index,
            DownloadEndpoint download,
            EventsEndpoint events,
            DownloadsEndpoint downloads,
            Lifecycle lifecycle,
            NamespaceEndpoint namespaces,
            GrantEndpoint grants,
            AccessEndpoint explain,
            OrganizationEndpoint organizations,
            AuditEndpoint audit,
            Accounts accounts,
            SigningIn signingIn,
            OAuthEndpoints oauth,
            Hosts hosts,
            TrustedPublishers trusted,
            Trust trust,
            HealthEndpoint health,
            OperationsEndpoint operations) {
        this.guard = guard;
        this.serial = serial;
        Access everyone = Access.everyone();
        Access readsPlugin = Access.readsPlugin(PathCoordinates::unknownPlugin);
        Access readsRelease = Access.readsPlugin(PathCoordinates::unknownRelease);
        Access readsArtifact = Access.readsWhatItFinds("the plugin of the artifact");
        get(
                "/api/v1/plugins",
                Access.readsWhatItFinds("the namespace, where it names a private one"),
                limits.counting(SEARCH, serial.reading(catalog::search)));
        reads("/api/v1/plugins/{namespace}/{name}", readsPlugin, catalog::plugin);
        // Before the path of a release, which it would match too.
        reads("/api/v1/plugins/{namespace}/{name}/downloads", readsPlugin, downloads::plugin);
        get(
                "/api/v1/plugins/{namespace}/{name}/trusted-publishers",
                Access.onPlugin(TRUSTED_PUBLISHER_MANAGE),
                trusted::list);
        post(
                "/api/v1/plugins/{namespace}/{name}/trusted-publishers",
                Access.onPlugin(TRUSTED_PUBLISHER_MANAGE),
                limits.counting(CHANGE, trusted::post));
        delete(
                "/api/v1/plugins/{namespace}/{name}/trusted-publishers/{publisher}",
                Access.onPlugin(TRUSTED_PUBLISHER_MANAGE),
                limits.counting(CHANGE, trusted::delete));
        put(
                "/api/v1/plugins/{namespace}/{name}/trusted-publishing-only",
                Access.onPlugin(TRUSTED_PUBLISHER_MANAGE),
                limits.counting(CHANGE, trusted::demand));
        delete(
                "/api/v1/plugins/{namespace}/{name}/trusted-publishing-only",
                Access.onPlugin(TRUSTED_PUBLISHER_MANAGE),
                limits.counting(CHANGE, trusted::allowOthers));
        reads("/api/v1/plugins/{namespace}/{name}/{version}", readsRelease, catalog::release);
        put(
                "/api/v1/plugins/{namespace}/{name}/{version}",
                Access.onPlugin(RELEASE_PUBLISH),
                limits.counting(PUBLISH, publishing.put()));
        put(
                "/api/v1/plugins/{namespace}/{name}/{version}/bundle",
                Access.onPlugin(RELEASE_PUBLISH),
                limits.counting(CHANGE, publishing.putBundle()));
        patch(
                "/api/v1/plugins/{namespace}/{name}/{version}",
                Access.onPluginOneOf(RELEASE_YANK, RELEASE_DEPRECATE, RELEASE_QUARANTINE),
                limits.counting(CHANGE, lifecycle::patch));
        delete(
                "/api/v1/plugins/{namespace}/{name}/{version}",
                Access.onPlugin(RELEASE_DELETE),
                limits.counting(CHANGE, lifecycle::delete));
        namespaces(namespaces, limits);
        grants(grants, limits);
        organizations(organizations, limits);
        get("/api/v1/access", Access.own(ACCESS_EXPLAIN), explain::get);
        get("/api/v1/account", Access.own(ACCOUNT_READ), accounts.account()::get);
        get("/api/v1/account/sessions", Access.own(ACCOUNT_READ), accounts.account()::sessions);
        delete(
                "/api/v1/account/sessions/{session}",
                Access.own(ACCOUNT_MANAGE),
                accounts.account()::endSession);
        get("/api/v1/account/tokens", Access.own(ACCOUNT_READ), accounts.tokens()::list);
        post(
                "/api/v1/account/tokens",
                Access.own(ACCOUNT_MANAGE),
                limits.counting(CHANGE, accounts.tokens()::create));
        delete(
                "/api/v1/account/tokens/{token}",
                Access.own(ACCOUNT_MANAGE),
                accounts.tokens()::revoke);
        put(
                "/api/v1/account/password",
                Access.own(ACCOUNT_MANAGE),
                limits.counting(CHANGE, accounts.password()::change));
        post(
                "/api/v1/account/totp",
                Access.own(ACCOUNT_MANAGE),
                limits.counting(CHANGE, accounts.password()::beginTotp));
        put(
                "/api/v1/account/totp",
                Access.own(ACCOUNT_MANAGE),
                limits.counting(CHANGE, accounts.password()::confirmTotp));
        delete(
                "/api/v1/account/totp",
                Access.own(ACCOUNT_MANAGE),
                limits.counting(CHANGE, accounts.password()::endTotp));
        get("/api/v1/accounts", Access.onRegistry(ACCOUNT_ADMINISTER), accounts.all()::list);
        post(
                "/api/v1/accounts",
                Access.onRegistry(ACCOUNT_ADMINISTER),
                limits.counting(CHANGE, accounts.all()::create));
        patch(
                "/api/v1/accounts/{account}",
                Access.onRegistry(ACCOUNT_ADMINISTER),
                limits.counting(CHANGE, accounts.all()::change));
        post("/api/v1/leaked-tokens", everyone, limits.counting(CHANGE, accounts.leaked()::post));
        get("/sign-in", everyone, signingIn.page());
        post("/sign-in", everyone, signingIn.password());
        get("/sign-in/{provider}", everyone, limits.counting(CHANGE, signingIn.provider()));
        get("/sign-in/{provider}/callback", everyone, signingIn.callback());
        post("/sign-out", everyone, signingIn.signOut());
        get("/device", everyone, signingIn.devicePage());
        post("/device", everyone, signingIn.deviceDecision());
        post(
                "/oauth/device_authorization",
                everyone,
                limits.counting(CHANGE, signingIn.deviceAuthorization()));
        get("/api/v1/audit", Access.onRegistry(AUDIT_READ), audit::get);
        get("/api/v1/audit/export", Access.onRegistry(AUDIT_READ), audit::export);
        trust(trust, limits);
        hosts(hosts, limits);
        oauth(oauth);
        get("/api/v1/publishes", Access.own(PUBLISH_READ), publishing.list());
        get("/api/v1/publishes/{id}", Access.own(PUBLISH_READ), publishing.get());
        post(
                "/api/v1/resolve",
                Access.readsWhatItFinds("the plugins of the plan"),
                limits.counting(RESOLVE, serial.reading(resolve::post)));
        post(
                "/api/v1/resolve/verify",
                Access.readsWhatItFinds("the plugins of the lock"),
                limits.counting(RESOLVE, serial.reading(resolve::verify)));
        get("/api/v1/events", Access.readsWhatItFinds("the plugins that change"), events::get);
        reads("/index/{namespace}/{name}", readsPlugin, index::get);
        get("/artifacts/sha256/{hex}", readsArtifact, serial.reading(download::byDigest));
        get(
                "/artifacts/{namespace}/{name}/{version}/{file}",
                readsArtifact,
                serial.reading(download::byName));
        // Edges report with a token of their own, which is no account.
        post("/api/v1/downloads", Access.onRegistry(DOWNLOADS_REPORT), downloads::report);
        get("/health/live", everyone, health::live);
        get("/health/ready", everyone, health::ready);
        get("/health/started", everyone, health::started);
        get("/metrics", everyone, operations::metrics);
        get("/openapi.yaml", everyone, operations::openApi);
    }

    private void namespaces(NamespaceEndpoint namespaces, RateLimits limits) {
        String path = "/api/v1/namespaces/{namespace}";
        Access manages = Access.onNamespace(NAMESPACE_MANAGE);
        Access transfers = Access.onNamespace(NAMESPACE_TRANSFER);
        Access takes =
                Access.includesOnNamespace(
                        NAMESPACE_TRANSFER,
                        "an offer to the account, or to an organization that it manages");
        post(
                "/api/v1/namespaces",
                Access.includes(
                        NAMESPACE_CLAIM,
                        "a free namespace, and `organization.manage` on the organization that is to own it"),
                limits.counting(CHANGE, namespaces::claim));
        get(path, Access.readsNamespace(PathCoordinates::unknownNamespace), namespaces::get);
        patch(
                path,
                Access.onNamespaceOneOf(NAMESPACE_MANAGE, NAMESPACE_CERTIFY),
                limits.counting(CHANGE, namespaces::patch));
        post(path + "/verification", manages, limits.counting(CHANGE, namespaces::verify));
        post(path + "/verification/check", manages, limits.counting(CHANGE, namespaces::check));
        post(path + "/transfer", transfers, limits.counting(CHANGE, namespaces::offer));
        delete(path + "/transfer", transfers, limits.counting(CHANGE, namespaces::withdraw));
        post(path + "/transfer/accept", takes, limits.counting(CHANGE, namespaces::accept));
        post(path + "/transfer/decline", takes, limits.counting(CHANGE, namespaces::decline));
    }

    private void grants(GrantEndpoint grants, RateLimits limits) {
        String path = "/api/v1/namespaces/{namespace}/grants";
        Access manages = Access.onNamespace(GRANT_MANAGE);
        get(path, manages, grants::list);
        post(path, manages, limits.counting(CHANGE, grants::post));
        delete(path + "/{grant}", manages, limits.counting(CHANGE, grants::delete));
    }

    private void trust(Trust trust, RateLimits limits) {
        String path = "/api/v1/namespaces/{namespace}/certificates";
        get(
                path,
                Access.onNamespaceOneOf(CERTIFICATE_ISSUE, CERTIFICATE_REVOKE),
                trust.certificates()::list);
        // A job has the right by the plugin that trusts it, an account by owning the namespace.
        post(
                path,
                Access.onWhatItNames(CERTIFICATE_ISSUE, "the namespace, or by a trusted publisher"),
                limits.counting(CHANGE, trust.certificates()::issue));
        post(
                path + "/{serial}/revocation",
                Access.onNamespace(CERTIFICATE_REVOKE),
                limits.counting(CHANGE, trust.certificates()::revoke));
        get("/pki/{file}", Access.everyone(), trust.pki()::get);
        post("/tsa", Access.everyone(), limits.counting(STAMP, trust.stamping()::post));
        get("/log/{shard}/checkpoint", Access.everyone(), trust.log()::checkpoint);
        get("/log/{shard}/tile/{+tile}", Access.everyone(), trust.log()::tile);
        get(
                "/attest/sha256/{hex}",
                Access.readsWhatItFinds("the plugin that the statement is of"),
                trust.log()::statement);
        get("/tuf/{file}", Access.everyone(), trust.freshness()::metadata);
        get("/tuf/targets/{+path}", Access.everyone(), trust.freshness()::target);
        // A checkpoint is its own credential.
        post(
                "/witness/add-checkpoint",
                Access.everyone(),
                limits.counting(CHANGE, trust.witness()::addCheckpoint));
    }

    private void organizations(OrganizationEndpoint organizations, RateLimits limits) {
        String path = "/api/v1/organizations/{organization}";
        String member = path + "/members/{account}";
        String team = path + "/teams/{team}";
        Access reads = Access.onOrganization(ORGANIZATION_READ);
        Access manages = Access.onOrganization(ORGANIZATION_MANAGE);
        get("/api/v1/organizations", Access.own(ORGANIZATION_READ), organizations::list);
        post(
                "/api/v1/organizations",
                Access.own(ORGANIZATION_CREATE),
                limits.counting(CHANGE, organizations::create));
        get(path, reads, organizations::get);
        put(member, manages, limits.counting(CHANGE, organizations::putMember));
        // A member leaves by it too.
        delete(
                member,
                Access.onOrganizationOneOf(ORGANIZATION_MANAGE, ORGANIZATION_READ),
                limits.counting(CHANGE, organizations::deleteMember));
        get(team, reads, organizations::getTeam);
        put(team, manages, limits.counting(CHANGE, organizations::putTeam));
        delete(team, manages, limits.counting(CHANGE, organizations::deleteTeam));
        put(
                team + "/members/{account}",
                manages,
                limits.counting(CHANGE, organizations::putTeamMember));
        delete(
                team + "/members/{account}",
                manages,
                limits.counting(CHANGE, organizations::deleteTeamMember));
    }

    /** GET and HEAD of what the index has: a refusal waits for its state as an answer does. */
    private void reads(String path, Access demanded, Handler handler) {
        route("GET", path, demanded, serial::reading, handler);
        route("HEAD", path, demanded, serial::reading, handler);
    }

    private void hosts(Hosts hosts, RateLimits limits) {
        Access ofOrganization =
                Access.onWhatItNames(HOST_MANAGE, "the organization of the host, or the registry");
        post("/api/v1/enrolments", ofOrganization, limits.counting(CHANGE, hosts.makeCode()));
        get("/api/v1/enrolments", Access.onOrganizationAsked(HOST_MANAGE), hosts.listCodes());
        delete(
                "/api/v1/enrolments/{enrolment}",
                ofOrganization,
                limits.counting(CHANGE, hosts.deleteCode()));
        // The code is the credential. Before the path of a host, which it would match too.
        post("/api/v1/hosts/enrol", Access.everyone(), limits.counting(CHANGE, hosts.enrol()));
        get("/api/v1/hosts", Access.onOrganizationAsked(HOST_MANAGE), hosts.list());
        get("/api/v1/hosts/{host}", ofOrganization, hosts.get());
        patch("/api/v1/hosts/{host}", ofOrganization, limits.counting(CHANGE, hosts.patch()));
        delete("/api/v1/hosts/{host}", ofOrganization, limits.counting(CHANGE, hosts.delete()));
    }

    /** What is sent to them is a credential by itself. */
    private void oauth(OAuthEndpoints oauth) {
        Access everyone = Access.everyone();
        get("/.well-known/oauth-authorization-server", everyone, oauth.metadata());
        get("/.well-known/jwks.json", everyone, oauth.jwks());
        get("/.well-known/artifact-url-keys.json", everyone, oauth.artifactUrlKeys());
        post("/oauth/token", everyone, oauth.token());
        post("/oauth/introspect", everyone, oauth.introspect());
        post("/oauth/revoke", everyone, oauth.revoke());
    }

    /** GET, and HEAD, which every endpoint answers without a body. */
    private void get(String path, Access demanded, Handler handler) {
        route("GET", path, demanded, handler);
        route("HEAD", path, demanded, handler);
    }

    private void put(String path, Access demanded, Handler handler) {
        route("PUT", path, demanded, handler);
    }

    private void post(String path, Access demanded, Handler handler) {
        route("POST", path, demanded, handler);
    }

    private void patch(String path, Access demanded, Handler handler) {
        route("PATCH", path, demanded, handler);
    }

    private void delete(String path, Access demanded, Handler handler) {
        route("DELETE", path, demanded, handler);
    }

    private void route(String method, String path, Access demanded, Handler handler) {
        route(method, path, demanded, UnaryOperator.identity(), handler);
    }

    private void route(
            String method,
            String path,
            Access demanded,
            UnaryOperator<Handler> around,
            Handler handler) {
        access.computeIfAbsent(path, _ -> new TreeMap<>()).put(method, demanded);
        byPath.computeIfAbsent(path, _ -> new TreeMap<>())
                .put(method, guard.guarded(demanded, around, handler));
    }

    /** What every method of every path demands of its caller. */
    Map<String, Map<String, Access>> access() {
        Map<String, Map<String, Access>> named = new LinkedHashMap<>();
        access.forEach((path, methods) -> named.put(name(path), methods));
        return named;
    }

    /** The methods of every path. */
    Map<String, List<String>> methodsByPath() {
        return byPath.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                entry -> name(entry.getKey()),
                                entry -> List.copyOf(entry.getValue().keySet())));
    }

    /** The path as it is written in documents, which do not tell which parameter has slashes. */
    private static String name(String path) {
        return path.replace("{+", "{");
    }

    void addTo(HttpRouting.Builder routing) {
        byPath.forEach(
                (path, handlers) -> {
                    handlers.forEach(
                            (method, handler) ->
                                    routing.route(Method.create(method), path, handler));
                    routing.any(
                            path,
                            (request, _) -> {
                                throw notAllowed(request.prologue().method().text(), handlers);
                            });
                });
    }

    private static Rejection notAllowed(String method, Map<String, Handler> handlers) {
        String allowed = String.join(", ", handlers.keySet());
        return new Rejection(
                        ProblemCode.METHOD_NOT_ALLOWED,
                        "This path knows " + allowed + ", not " + method + "; use one of those")
                .with("Allow", allowed);
    }
}
