package dev.modunest.server.auth;

import dev.modunest.db.Account;

import io.helidon.webserver.http.ServerRequest;

import java.util.Optional;

/** Who sends a request, as it was found before the endpoint is called. */
public final class Caller {

    private Caller() {}

    /** Notes it for the request. */
    public static void note(ServerRequest request, Principal principal) {
        request.context().register(Caller.class, principal);
    }

    /** Nobody, when no credential was sent. */
    public static Principal of(ServerRequest request) {
        return request.context()
                .get(Caller.class, Principal.class)
                .orElseGet(Principal.Anonymous::new);
    }

    public static Optional<Principal.Developer> findDeveloper(ServerRequest request) {
        return of(request) instanceof Principal.Developer developer
                ? Optional.of(developer)
                : Optional.empty();
    }

    /** Where the route demands an account. */
    public static Principal.Developer developer(ServerRequest request) {
        return findDeveloper(request)
                .orElseThrow(
                        () -> new IllegalStateException("the route lets in who is no account"));
    }

    /** Where the route demands one. */
    public static Account account(ServerRequest request) {
        return developer(request).account();
    }
}
