package dev.modunest.loader.auth;

import dev.modunest.loader.Decision;

import java.util.Optional;

/** Whether the scopes of a token allow something; what none allows is denied. */
final class Authorizer {

    private Authorizer() {}

    static Decision decide(VerifiedUser verified, boolean current, String action, String resource) {
        if (!current) {
            return new Decision.Denied(
                    "The token of "
                            + verified.subject()
                            + " expired at "
                            + verified.expires()
                            + ": get a new one.");
        }
        if (!ScopeWord.isAction(action) || !ScopeWord.isResource(resource)) {
            return new Decision.Denied(
                    RejectedException.shown(action + ":" + resource)
                            + " is no action on a plugin: ask with an action as markdown.render and"
                            + " namespace/name.");
        }
        return verified.scopes().stream()
                .filter(word -> allows(word, action, resource))
                .min(String::compareTo)
                .<Decision>map(word -> allowed(verified, word, action, resource))
                .orElseGet(() -> denied(verified, action, resource));
    }

    private static boolean allows(String word, String action, String resource) {
        Optional<ScopeWord> scope = ScopeWord.read(word);
        return scope.isPresent() && scope.get().allows(action, resource);
    }

    private static Decision allowed(
            VerifiedUser user, String word, String action, String resource) {
        return new Decision.Allowed(
                word,
                user.subject() + " may " + action + " on " + resource + " by the scope " + word);
    }

    private static Decision denied(VerifiedUser user, String action, String resource) {
        return new Decision.Denied(
                user.subject()
                        + " may not "
                        + action
                        + " on "
                        + resource
                        + ": the token has "
                        + (user.scopes().isEmpty()
                                ? "no scopes"
                                : "the scopes "
                                        + RejectedException.shown(
                                                String.join(
                                                        " ",
                                                        user.scopes().stream().sorted().toList())))
                        + "; ask for one with "
                        + action
                        + ":"
                        + resource);
    }
}
