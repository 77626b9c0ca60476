package dev.modunest.server.body;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.webserver.http.ServerRequest;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The body of a form, {@code application/x-www-form-urlencoded}; no field is there twice. */
public final class FormBody {

    private static final int MAX_BYTES = 64 << 10;

    private FormBody() {}

    /** The fields; throws {@link Rejection} for what is no form. */
    public static Map<String, String> read(ServerRequest request) {
        boolean form =
                request.headers()
                        .contentType()
                        .filter(
                                type ->
                                        type.mediaType()
                                                .text()
                                                .equals("application/x-www-form-urlencoded"))
                        .isPresent();
        if (!form) {
            throw invalid("The body is not application/x-www-form-urlencoded; send a form");
        }
        return parse(text(SmallBody.read(request, MAX_BYTES)));
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException malformed) {
            throw invalid("The form is not UTF-8");
        }
    }

    static Map<String, String> parse(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (fields.put(name, value) != null) {
                throw invalid("In the form " + name + " is there twice; send it once");
            }
        }
        return fields;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw invalid("The form is not percent-encoded as forms are");
        }
    }

    private static Rejection invalid(String detail) {
        return new Rejection(ProblemCode.CHANGE_INVALID, detail);
    }
}
