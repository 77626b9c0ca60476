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

import java.util.function.UnaryOperator;

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
        return guarded(access, UnaryOperator.identity(), handler);
    }

    /**
     * The same.
     *
     * @param around what is done between finding out who calls and whether they may: to refusals it
     *     is the same as to answers, so that they are alike
     */
    public Handler guarded(Access access, UnaryOperator<Handler> around, Handler handler) {
        Handler checked =
                around.apply(
                        (request, response) -> {
                            check(access, Caller.of(request), request, response);
                            handler.handle(request, response);
                        });
        return (request, response) -> {
            Caller.note(request, authenticate(request));
            checked.handle(request, response);
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
            case Access.Includes(var action, var target, _) ->
                    auth.requireScope(caller, target.map(named -> named.of(request)), action);
            case Access.Demands(var actions, var target, var unknown) ->
                    auth.requireOneOf(
                            caller, target.of(request), actions, () -> unknown.apply(request));
            case Access.Reads(var target, var unknown) ->
                    Answers.keepPrivate(
                            auth.requireRead(
                                    caller, target.of(request), () -> unknown.apply(request)),
                            response);
        }
    }
}
