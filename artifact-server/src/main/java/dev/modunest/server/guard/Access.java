package dev.modunest.server.guard;

import dev.modunest.server.auth.Action;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.problem.Rejection;

import io.helidon.webserver.http.ServerRequest;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a route demands of its caller. A credential that is sent has to do on every route, also
 * where none is needed. {@code docs/api/access.md} lists all of them in the words of {@link
 * #words}.
 */
public sealed interface Access {

    /** Nothing: the answer is for everybody. */
    record Everyone() implements Access {}

    /**
     * Nothing at first: the endpoint demands the right to read of each plugin that it answers with.
     *
     * @param what the answer is made of
     */
    record ReadsWhatItFinds(String what) implements Access {}

    /**
     * The right to read, which is everybody's in a public namespace.
     *
     * @param unknown what the endpoint itself answers when there is no such thing: who must not
     *     know of it gets the same
     */
    record Reads(Target target, Function<ServerRequest, Rejection> unknown) implements Access {}

    /** An account; it may do the action to what is its own. */
    record Own(Action action) implements Access {}

    /**
     * A credential of an account that includes the action; the endpoint demands the right itself,
     * of what it finds.
     *
     * @param target as far as the path tells
     * @param what the endpoint goes by
     */
    record Includes(Action action, Optional<Target> target, String what) implements Access {}

    /**
     * The right to do at least one of the actions; where there are several, the endpoint demands
     * those that the request needs.
     *
     * @param unknown what is answered where there is no such thing, or none that the caller may
     *     know of
     */
    record Demands(List<Action> actions, Target target, Function<ServerRequest, Rejection> unknown)
            implements Access {

        public Demands {
            actions = List.copyOf(actions);
        }
    }

    static Access everyone() {
        return new Everyone();
    }

    static Access own(Action action) {
        return new Own(action);
    }

    static Access readsPlugin(Function<ServerRequest, Rejection> unknown) {
        return new Reads(Target.PLUGIN, unknown);
    }

    static Access readsNamespace(Function<ServerRequest, Rejection> unknown) {
        return new Reads(Target.NAMESPACE, unknown);
    }

    static Access readsWhatItFinds(String what) {
        return new ReadsWhatItFinds(what);
    }

    /** The namespace is in the body. */
    static Access includes(Action action, String what) {
        return new Includes(action, Optional.empty(), what);
    }

    static Access includesOnNamespace(Action action, String what) {
        return new Includes(action, Optional.of(Target.NAMESPACE), what);
    }

    static Access onPlugin(Action action) {
        return onPluginOneOf(action);
    }

    static Access onNamespace(Action action) {
        return onNamespaceOneOf(action);
    }

    static Access onOrganization(Action action) {
        return onOrganizationOneOf(action);
    }

    static Access onRegistry(Action action) {
        return new Demands(List.of(action), Target.REGISTRY, Access::nothingIsUnknown);
    }

    /** On the organisation of the parameter of that name, on the registry without one. */
    static Access onOrganizationAsked(Action action) {
        return new Demands(List.of(action), Target.ORGANIZATION_ASKED, Access::nothingIsUnknown);
    }

    /** The request names what it is about, but not by its path. */
    static Access onWhatItNames(Action action, String what) {
        return new Includes(action, Optional.empty(), "`" + action + "` on " + what);
    }

    /** The path is that of a plugin or of a release. */
    static Access onPluginOneOf(Action... actions) {
        return new Demands(
                List.of(actions),
                Target.PLUGIN,
                request ->
                        request.path().pathParameters().contains("version")
                                ? PathCoordinates.unknownRelease(request)
                                : PathCoordinates.unknownPlugin(request));
    }

    static Access onNamespaceOneOf(Action... actions) {
        return new Demands(List.of(actions), Target.NAMESPACE, PathCoordinates::unknownNamespace);
    }

    static Access onOrganizationOneOf(Action... actions) {
        return new Demands(List.of(actions), Target.ORGANIZATION, Access::nothingIsUnknown);
    }

    private static Rejection nothingIsUnknown(ServerRequest request) {
        throw new IllegalStateException(request.path().path() + " is of no namespace");
    }

    /** The same in a line. */
    default String words() {
        return switch (this) {
            case Everyone _ -> "nothing";
            case ReadsWhatItFinds(String what) -> "`release.read` on " + what;
            case Reads(Target target, _) -> "`release.read` on the " + target;
            case Own(Action action) -> "`" + action + "` on what is its own";
            case Includes(Action action, _, String what) ->
                    "`" + action + "` in the scope; then " + what;
            case Demands(List<Action> actions, Target target, _) ->
                    actions.stream()
                                    .map(action -> "`" + action + "`")
                                    .collect(Collectors.joining(" or "))
                            + " on the "
                            + target;
        };
    }
}
