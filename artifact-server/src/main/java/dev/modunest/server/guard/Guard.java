package dev.modunest.server.guard;

import dev.modunest.server.admission.RateLimits;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.Credentials;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.Rejection;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/**
 * Stands before every endpoint: finds out who calls, and whether they may what the route demands.
 * Thread-safe.
 */
public final class Guard {

    private final PluginAuthService auth;
    private final RateLimits limits;

    public Guard(PluginAuthService auth, RateLimits limits) {
        this.auth = auth;
        this.limits = limits;
    }

    /** As {@code handler}, for those alone who may. */
    public Handler guarded(Access access, Handler handler) {
        return (request, response) -> {
            Principal caller = authenticate(request);
            Caller.note(request, caller);
            check(access, caller, request, response);
            handler.handle(request, response);
        };
    }

    private Principal authenticate(ServerRequest request) {
        try {
            Credentials sent = Credentials.of(request);
            Principal caller = auth.authenticate(sent);
            if (caller instanceof Principal.Developer developer && developer.cookie()) {
                SameOrigin.require(request);
            }
            return caller;
        } catch (Rejection refused) {
            if (refused.code().status().code() == 401) {
                limits.countRefusedCredential(request);
            }
            throw refused;
        }
    }

    private void check(
            Access access, Principal caller, ServerRequest request, ServerResponse response) {
        switch (access) {
            case Access.Everyone _, Access.ReadsWhatItFinds _ -> {}
            case Access.Own(var action) -> auth.require(caller, new Resource.Self(), action);
            case Access.Demands(var action, var resource) ->
                    auth.require(caller, resource.apply(request), action);
            case Access.DemandsOnWhatItNames(var action, _) -> {
                if (!(caller instanceof Principal.Developer)) {
                    auth.require(caller, new Resource.Registry(), action);
                }
            }
            case Access.DemandsOneOf(var actions, var resource) ->
                    auth.requireOneOf(caller, resource.apply(request), actions);
            case Access.Reads(var resource, var unknown) ->
                    Answers.keepPrivate(
                            auth.requireRead(
                                    caller, resource.apply(request), () -> unknown.apply(request)),
                            response);
        }
    }
}
