package dev.modunest.server.oauth;

import dev.modunest.server.body.SmallBody;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.token.OAuthException;

import io.helidon.http.HttpMediaType;
import io.helidon.webserver.http.ServerRequest;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The parameters of a request (RFC 6749, appendix B), each sent once (3.2). */
final class FormBody {

    private static final int MOST_BYTES = 64 << 10;
    private static final String TYPE = "application/x-www-form-urlencoded";

    private FormBody() {}

    /** Throws {@link OAuthException} when it is no form. */
    static Map<String, String> read(ServerRequest request) {
        boolean form =
                request.headers()
                        .contentType()
                        .map(HttpMediaType::mediaType)
                        .filter(type -> type.text().equalsIgnoreCase(TYPE))
                        .isPresent();
        if (!form) {
            throw OAuthException.invalidRequest("the body is not announced as " + TYPE);
        }
        return parse(text(bytes(request)));
    }

    private static byte[] bytes(ServerRequest request) {
        try {
            return SmallBody.read(request, MOST_BYTES);
        } catch (Rejection refused) {
            throw refused.code() == ProblemCode.BODY_TOO_LARGE
                    ? new OAuthException(
                            413,
                            "invalid_request",
                            "the body has more than " + MOST_BYTES + " bytes")
                    : refused;
        }
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException malformed) {
            throw OAuthException.invalidRequest("the body is not UTF-8");
        }
    }

    static Map<String, String> parse(String body) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (pair.isEmpty()) {
                continue;
            }
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (parameters.put(name, value) != null) {
                throw OAuthException.invalidRequest("the parameter " + name + " is there twice");
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw OAuthException.invalidRequest("the body is not encoded as a form");
        }
    }
}
