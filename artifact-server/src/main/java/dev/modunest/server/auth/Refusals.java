package dev.modunest.server.auth;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

/** What is answered to a decision that denies. */
final class Refusals {

    private Refusals() {}

    static Rejection of(Decision decision, Principal principal, Resource resource, Action action) {
        String because = " may not " + action + " on the " + resource + ": " + decision.because();
        if (action == Action.DOWNLOADS_REPORT) {
            return Credentials.Unauthorized.with(
                    ProblemCode.DOWNLOADS_REFUSED,
                    "Counts are taken from edges that have the downloads.token of this server; set the same value on both",
                    "insufficient_scope");
        }
        return switch (decision.verdict()) {
            case NO_CREDENTIAL ->
                    Credentials.Unauthorized.with(
                            ProblemCode.TOKEN_REQUIRED,
                            "Send the header Authorization: Bearer <token>; ./modunest login gets one, and so does the operator",
                            "");
            case OUT_OF_SCOPE ->
                    Credentials.Unauthorized.with(
                            ProblemCode.SCOPE_INSUFFICIENT,
                            "The " + principal + because + "; use a token with a wider scope",
                            "insufficient_scope");
            case FOREIGN ->
                    Credentials.Unauthorized.with(
                            ProblemCode.NAMESPACE_FOREIGN,
                            "The "
                                    + principal
                                    + because
                                    + "; use a namespace of your own or a token of its owner, or ask the owner for a grant",
                            "insufficient_scope");
            case ADMINISTRATORS_ONLY ->
                    Credentials.Unauthorized.with(
                            ProblemCode.ADMINISTRATOR_REQUIRED,
                            "The "
                                    + principal
                                    + because
                                    + "; only an administrator may, so ask one or use a token of one",
                            "insufficient_scope");
            case ABSENT ->
                    new Rejection(
                            ProblemCode.NAMESPACE_UNKNOWN,
                            "Nobody has the "
                                    + resource
                                    + "; POST /api/v1/namespaces claims it, and so does the first publish");
            case NOT_GRANTED ->
                    Credentials.Unauthorized.with(
                            ProblemCode.ACCESS_DENIED,
                            "The "
                                    + principal
                                    + because
                                    + "; ask the owner for a grant, and GET /api/v1/access explains what is missing",
                            "insufficient_scope");
            case ALLOWED -> throw new IllegalArgumentException("it is allowed: " + because);
        };
    }
}
