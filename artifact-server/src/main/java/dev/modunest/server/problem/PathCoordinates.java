package dev.modunest.server.problem;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import io.helidon.webserver.http.ServerRequest;

/** Namespace, plugin and release as a path names them: {@code {namespace}/{name}/{version}}. */
public final class PathCoordinates {

    private PathCoordinates() {}

    public static PluginId plugin(ServerRequest request) {
        try {
            return new PluginId(part(request, "namespace"), part(request, "name"));
        } catch (IllegalArgumentException invalid) {
            throw new Rejection(
                    ProblemCode.COORDINATE_INVALID, invalid.getMessage() + "; correct the path");
        }
    }

    public static String namespace(ServerRequest request) {
        return name(request, "namespace");
    }

    /** A name in the form of a part of a plugin id, as that of a namespace is. */
    public static String name(ServerRequest request, String parameter) {
        String name = part(request, parameter);
        if (!PluginId.isPart(name)) {
            throw new Rejection(
                    ProblemCode.COORDINATE_INVALID,
                    "'"
                            + name
                            + "' is no name of a "
                            + parameter
                            + ": "
                            + PluginId.RULE
                            + "; correct the path");
        }
        return name;
    }

    /** The version stands in its canonical form, so that a release has one path. */
    public static Coordinate coordinate(ServerRequest request) {
        PluginId plugin = plugin(request);
        String text = part(request, "version");
        Version version =
                Version.tryParse(text)
                        .orElseThrow(
                                () ->
                                        new Rejection(
                                                ProblemCode.COORDINATE_INVALID,
                                                "'"
                                                        + text
                                                        + "' is not a version; write major.minor.patch, as in 1.4.0 or 2.0.0-rc.1"));
        if (!version.toString().equals(text)) {
            throw new Rejection(
                    ProblemCode.COORDINATE_INVALID,
                    "'" + text + "' is not the plain form of the version; write " + version);
        }
        return new Coordinate(plugin, version);
    }

    /** What is answered where there is no such plugin, or none that the caller may know of. */
    public static Rejection unknownPlugin(ServerRequest request) {
        return new Rejection(
                ProblemCode.PLUGIN_UNKNOWN,
                "There is no plugin "
                        + plugin(request)
                        + "; GET /api/v1/plugins?q= searches those there are");
    }

    /** The same for a release. */
    public static Rejection unknownRelease(ServerRequest request) {
        Coordinate coordinate = coordinate(request);
        return new Rejection(
                ProblemCode.RELEASE_UNKNOWN,
                "There is no release "
                        + coordinate
                        + "; GET /api/v1/plugins/"
                        + coordinate.plugin()
                        + " lists those there are");
    }

    /** The same for a namespace. */
    public static Rejection unknownNamespace(ServerRequest request) {
        return new Rejection(
                ProblemCode.NAMESPACE_UNKNOWN,
                "Nobody has the namespace "
                        + namespace(request)
                        + "; GET /api/v1/plugins?q= finds what was published");
    }

    private static String part(ServerRequest request, String name) {
        return request.path().pathParameters().get(name);
    }
}
