package dev.modunest.server.connection;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.webserver.http.ServerRequest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
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
        return parse(text(request));
    }

    private static String text(ServerRequest request) {
        try (BodyStream in = new BodyStream(request)) {
            byte[] body = in.readNBytes(MAX_BYTES + 1);
            if (body.length > MAX_BYTES) {
                throw new Rejection(
                        ProblemCode.BODY_TOO_LARGE,
                        "The form has more than " + MAX_BYTES + " bytes; shorten it");
            }
            return new String(body, StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a body stream throws none", impossible);
        }
    }

    private static Map<String, String> parse(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0
                    && fields.put(
                                    decode(pair.substring(0, equals)),
                                    decode(pair.substring(equals + 1)))
                            != null) {
                throw invalid("A field of the form is there twice; send each once");
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
