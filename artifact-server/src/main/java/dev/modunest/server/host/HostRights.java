package dev.modunest.server.host;

import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.webserver.http.ServerRequest;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Who administers hosts: administrators those of the registry, and the owners and administrators of
 * an organisation its own.
 */
final class HostRights {

    private final PluginAuthService auth;

    HostRights(PluginAuthService auth) {
        this.auth = auth;
    }

    /** Throws {@link Rejection} where the caller may not administer hosts of it. */
    void require(ServerRequest request, Optional<String> organization) {
        auth.require(Caller.of(request), resource(organization), Action.HOST_MANAGE);
    }

    /** Throws {@code unknown}, so that nothing is learnt of the hosts of others. */
    void require(
            ServerRequest request, Optional<String> organization, Supplier<Rejection> unknown) {
        boolean allowed =
                auth.authorize(Caller.of(request), resource(organization), Action.HOST_MANAGE)
                        .allowed();
        if (!allowed) {
            throw unknown.get();
        }
    }

    private static Resource resource(Optional<String> organization) {
        return organization
                .<Resource>map(Resource.OfOrganization::new)
                .orElseGet(Resource.Registry::new);
    }

    /** The id in the path; throws {@code unknown} when it is none. */
    static UUID id(ServerRequest request, String name, Supplier<Rejection> unknown) {
        try {
            return UUID.fromString(request.path().pathParameters().get(name));
        } catch (IllegalArgumentException malformed) {
            throw unknown.get();
        }
    }

    /** The organisation of the query. */
    static Optional<String> organization(ServerRequest request) {
        return request.query().first("organization").asOptional();
    }

    static Rejection unknownOrganization(String name) {
        return new Rejection(
                ProblemCode.ORGANIZATION_UNKNOWN,
                "There is no organization '" + name + "'; correct its name");
    }
}
