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
    REGISTRY;

    Resource of(ServerRequest request) {
        return switch (this) {
            case PLUGIN -> new Resource.OfPlugin(PathCoordinates.plugin(request));
            case NAMESPACE -> new Resource.OfNamespace(PathCoordinates.namespace(request));
            case ORGANIZATION ->
                    new Resource.OfOrganization(PathCoordinates.name(request, "organization"));
            case REGISTRY -> new Resource.Registry();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
