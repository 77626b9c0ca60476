package dev.modunest.server.guard;

import dev.modunest.server.auth.Resource;
import dev.modunest.server.problem.PathCoordinates;

import io.helidon.webserver.http.ServerRequest;

import java.util.Locale;

/** What a route is about, as its path names it. */
public enum Target {
    PLUGIN,
    NAMESPACE,
    ORGANIZATION,
    /** Of the parameter {@code organization}; the registry without it. */
    ORGANIZATION_ASKED,
    REGISTRY;

    Resource of(ServerRequest request) {
        return switch (this) {
            case PLUGIN -> new Resource.OfPlugin(PathCoordinates.plugin(request));
            case NAMESPACE -> new Resource.OfNamespace(PathCoordinates.namespace(request));
            case ORGANIZATION ->
                    new Resource.OfOrganization(PathCoordinates.name(request, "organization"));
            case ORGANIZATION_ASKED ->
                    request.query()
                            .first("organization")
                            .asOptional()
                            .<Resource>map(Resource.OfOrganization::new)
                            .orElseGet(Resource.Registry::new);
            case REGISTRY -> new Resource.Registry();
        };
    }

    @Override
    public String toString() {
        return this == ORGANIZATION_ASKED
                ? "organization of the query, or the registry"
                : name().toLowerCase(Locale.ROOT);
    }
}
