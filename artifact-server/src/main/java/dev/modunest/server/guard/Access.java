package dev.modunest.server.guard;

import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.problem.Rejection;

import io.helidon.webserver.http.ServerRequest;

import java.util.List;
import java.util.function.Function;

/**
 * What a route demands of its caller. A credential that is sent has to do on every route, also
 * where none is needed.
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
    record Reads(
            Function<ServerRequest, Resource> resource, Function<ServerRequest, Rejection> unknown)
            implements Access {}

    /** An account; it may do the action to what is its own. */
    record Own(Action action) implements Access {}

    /** The right to do the action. */
    record Demands(Action action, Function<ServerRequest, Resource> resource) implements Access {}

    /**
     * The right to do at least one of the actions; the endpoint demands those that the body asks
     * for.
     */
    record DemandsOneOf(List<Action> actions, Function<ServerRequest, Resource> resource)
            implements Access {

        public DemandsOneOf {
            actions = List.copyOf(actions);
        }
    }

    /**
     * An account: the endpoint demands the right to do the action to what the request names.
     *
     * @param what the request may name
     */
    record DemandsOnWhatItNames(Action action, String what) implements Access {}

    static Access everyone() {
        return new Everyone();
    }

    static Access own(Action action) {
        return new Own(action);
    }

    static Access readsPlugin(Function<ServerRequest, Rejection> unknown) {
        return new Reads(Access::plugin, unknown);
    }

    static Access readsNamespace(Function<ServerRequest, Rejection> unknown) {
        return new Reads(Access::namespace, unknown);
    }

    static Access readsWhatItFinds(String what) {
        return new ReadsWhatItFinds(what);
    }

    static Access onPlugin(Action action) {
        return new Demands(action, Access::plugin);
    }

    static Access onNamespace(Action action) {
        return new Demands(action, Access::namespace);
    }

    static Access onOrganization(Action action) {
        return new Demands(action, Access::organization);
    }

    static Access onRegistry(Action action) {
        return new Demands(action, _ -> new Resource.Registry());
    }

    /** On the organisation of the parameter of that name, on the registry without one. */
    static Access onOrganizationAsked(Action action) {
        return new Demands(
                action,
                request ->
                        request.query()
                                .first("organization")
                                .asOptional()
                                .<Resource>map(Resource.OfOrganization::new)
                                .orElseGet(Resource.Registry::new));
    }

    static Access onWhatItNames(Action action, String what) {
        return new DemandsOnWhatItNames(action, what);
    }

    static Access onPluginOneOf(Action... actions) {
        return new DemandsOneOf(List.of(actions), Access::plugin);
    }

    private static Resource plugin(ServerRequest request) {
        return new Resource.OfPlugin(PathCoordinates.plugin(request));
    }

    private static Resource namespace(ServerRequest request) {
        return new Resource.OfNamespace(PathCoordinates.namespace(request));
    }

    private static Resource organization(ServerRequest request) {
        return new Resource.OfOrganization(request.path().pathParameters().get("organization"));
    }
}
