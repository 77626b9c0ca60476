package dev.modunest.server.oauth;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.token.OAuthException;

import io.helidon.webserver.http.ServerRequest;

import java.util.Map;

/** The parameters of a request (RFC 6749, appendix B), each sent once (3.2). */
final class FormBody {

    private FormBody() {}

    /** Throws {@link OAuthException} when it is no form. */
    static Map<String, String> read(ServerRequest request) {
        try {
            return dev.modunest.server.body.FormBody.read(request);
        } catch (Rejection refused) {
            if (refused.code() == ProblemCode.BODY_TOO_LARGE) {
                throw new OAuthException(413, "invalid_request", refused.detail());
            }
            throw refused.code() == ProblemCode.CHANGE_INVALID
                    ? OAuthException.invalidRequest(refused.detail())
                    : refused;
        }
    }
}
