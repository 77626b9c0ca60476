package dev.modunest.server.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Database;
import dev.modunest.format.PluginId;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.Decision;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.PluginPattern;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code GET /api/v1/access}: whether somebody may do something to a namespace or a plugin, and
 * why. About themselves anybody may ask; about others who may grant there.
 */
public final class AccessEndpoint {

    private static final int MAX_PARAMETER = 200;

    private final Database database;
    private final PluginAuthService auth;

    public AccessEndpoint(Database database, PluginAuthService auth) {
        this.database = database;
        this.auth = auth;
    }

    public void get(ServerRequest request, ServerResponse response) {
        Principal.Developer caller = Caller.developer(request);
        Resource resource =
                resource(parameter(request, "resource").orElseThrow(() -> missing("resource")));
        Action action = action(parameter(request, "action").orElseThrow(() -> missing("action")));
        Principal subject = subject(request, caller, resource);
        Decision decision = auth.authorize(subject, resource, action);
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(
                request,
                response,
                "application/json",
                document(subject, resource, action, decision)
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
    }

    private Principal subject(
            ServerRequest request, Principal.Developer caller, Resource resource) {
        Optional<String> account = parameter(request, "account");
        Optional<String> host = parameter(request, "host");
        if (account.isPresent() && host.isPresent()) {
            throw invalid("account and host are not asked about together; leave one out");
        }
        boolean self = account.filter(caller.account().name()::equals).isPresent();
        if (self || (account.isEmpty() && host.isEmpty())) {
            return caller;
        }
        requireMayAskAboutOthers(caller, resource);
        return account.map(this::account).orElseGet(() -> host(host.orElseThrow()));
    }

    private void requireMayAskAboutOthers(Principal.Developer caller, Resource resource) {
        auth.requireOneOf(
                caller,
                namespaceOf(resource),
                List.of(Action.GRANT_MANAGE),
                () ->
                        new Rejection(
                                ProblemCode.NAMESPACE_UNKNOWN,
                                "Nobody has the " + namespaceOf(resource) + "; check its name"));
    }

    private Principal account(String name) {
        return database.read(tx -> tx.accounts().find(name))
                .map(Principal.Developer::unlimited)
                .orElseThrow(
                        () ->
                                new Rejection(
                                        ProblemCode.ACCOUNT_UNKNOWN,
                                        "There is no account " + name + "; check its name"));
    }

    private Principal host(String id) {
        return uuid(id).flatMap(uuid -> database.read(tx -> tx.access().findHost(uuid)))
                .map(
                        host ->
                                new Principal.Host(
                                        host.id(),
                                        host.name(),
                                        host.patterns().stream()
                                                .map(PluginPattern::parse)
                                                .toList()))
                .orElseThrow(
                        () ->
                                new Rejection(
                                        ProblemCode.HOST_UNKNOWN,
                                        "There is no host " + id + "; check its id"));
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static Resource namespaceOf(Resource resource) {
        return resource instanceof Resource.OfPlugin(PluginId plugin)
                ? new Resource.OfNamespace(plugin.namespace())
                : resource;
    }

    private static Resource resource(String text) {
        try {
            if (PluginId.isPart(text)) {
                return new Resource.OfNamespace(text);
            }
            return new Resource.OfPlugin(PluginId.parse(text));
        } catch (IllegalArgumentException malformed) {
            throw invalid(
                    "resource is a namespace or a plugin, acme or acme/markdown, not '"
                            + text
                            + "'");
        }
    }

    private static Action action(String text) {
        return Action.find(text)
                .orElseThrow(
                        () ->
                                invalid(
                                        "action is one of "
                                                + List.of(Action.values())
                                                + ", not '"
                                                + text
                                                + "'"));
    }

    private static Optional<String> parameter(ServerRequest request, String name) {
        Optional<String> value =
                request.query()
                        .first(name)
                        .asOptional()
                        .map(String::strip)
                        .filter(text -> !text.isEmpty());
        value.filter(
                        text ->
                                text.length() > MAX_PARAMETER
                                        || text.chars().anyMatch(Character::isISOControl))
                .ifPresent(
                        text -> {
                            throw invalid(
                                    name
                                            + " has more than "
                                            + MAX_PARAMETER
                                            + " characters, or control characters");
                        });
        return value;
    }

    private static Rejection missing(String name) {
        return invalid(
                name
                        + " is missing; GET /api/v1/access?action=release.publish&resource=acme asks whether you may publish into acme");
    }

    private static Rejection invalid(String detail) {
        return new Rejection(ProblemCode.PARAMETER_INVALID, detail);
    }

    /** A private namespace of others is told of as one that nobody has. */
    private static ObjectNode document(
            Principal subject, Resource resource, Action action, Decision decision) {
        boolean hidden = decision.hides(action);
        Resource place = namespaceOf(resource);
        return JsonNodeFactory.instance
                .objectNode()
                .put("subject", subject.toString())
                .put("action", action.text())
                .put("resource", resource.toString())
                .put("allowed", decision.allowed())
                .put(
                        "verdict",
                        (hidden ? Decision.Verdict.ABSENT : decision.verdict())
                                .name()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-'))
                .put("because", hidden ? "nobody has the " + place + " yet" : decision.because());
    }
}
