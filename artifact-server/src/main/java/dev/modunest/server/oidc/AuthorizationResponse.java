package dev.modunest.server.oidc;

import dev.modunest.server.oidc.OidcException.Reason;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the provider sends with the person that returns (RFC 6749, section 4.1.2; {@code iss}: RFC
 * 9207). Nothing of it is to be believed before {@link RelyingParty#finish}.
 *
 * @param error the code of a refusal
 */
public record AuthorizationResponse(
        String state, Optional<String> code, Optional<String> error, Optional<String> issuer) {

    private static final int MOST_CHARACTERS = 8192;

    /**
     * Reads the query of the request to the redirect URI, as it came.
     *
     * @throws OidcException when it has no state, or a parameter twice
     */
    public static AuthorizationResponse read(@Nullable String rawQuery) {
        Map<String, String> parameters = parameters(rawQuery == null ? "" : rawQuery);
        String state = parameters.get("state");
        if (state == null) {
            throw malformed("has no state");
        }
        return new AuthorizationResponse(
                state,
                Optional.ofNullable(parameters.get("code")),
                Optional.ofNullable(parameters.get("error")),
                Optional.ofNullable(parameters.get("iss")));
    }

    private static Map<String, String> parameters(String rawQuery) {
        if (rawQuery.length() > MOST_CHARACTERS) {
            throw malformed("has more than " + MOST_CHARACTERS + " characters");
        }
        Map<String, String> parameters = new HashMap<>();
        for (String pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0
                    && parameters.put(
                                    decode(pair.substring(0, equals)),
                                    decode(pair.substring(equals + 1)))
                            != null) {
                throw malformed("has a parameter twice");
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException bad) {
            throw malformed("is not encoded as a form");
        }
    }

    private static OidcException malformed(String what) {
        return new OidcException(
                Reason.RESPONSE_MALFORMED,
                "the answer of the identity provider " + what + "; begin the sign-in again");
    }

    @Override
    public String toString() {
        return "AuthorizationResponse[code="
                + (code.isPresent() ? "****" : "none")
                + ", error="
                + (error.isPresent() ? "some" : "none")
                + "]";
    }
}
