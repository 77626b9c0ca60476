package dev.modunest.server.trusted;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.server.body.JsonBody;
import dev.modunest.server.oidc.Claims;

import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Claims as requests ask for them, and as tokens have them: texts, whatever JSON they are. */
final class ClaimReader {

    static final int MAX_VALUE = 500;

    private static final int MAX_ID_DIGITS = 19;
    private static final Pattern NUMBER =
            Pattern.compile("[1-9][0-9]{0," + (MAX_ID_DIGITS - 1) + "}");

    private ClaimReader() {}

    /** A numeric id, as text or as number. */
    static String id(JsonNode claims, String name) {
        String text = claims.path(name).asText("");
        if (!NUMBER.matcher(text).matches()) {
            throw JsonBody.invalid(
                    name
                            + " is the numeric id, which stays when a repository or its owner is renamed");
        }
        return text;
    }

    /** Adds an environment when one is asked for. */
    static void environment(JsonNode claims, Map<String, String> read) {
        if (claims.hasNonNull("environment")) {
            read.put("environment", JsonBody.line(claims, "environment", MAX_VALUE));
        }
    }

    /** A text, number or boolean of a token. */
    static Optional<String> text(Claims token, String name) {
        return switch (token.values().get(name)) {
            case String text -> Optional.of(text);
            case Integer number -> Optional.of(number.toString());
            case Long number -> Optional.of(number.toString());
            case BigInteger number -> Optional.of(number.toString());
            case Boolean truth -> Optional.of(truth.toString());
            case null, default -> Optional.empty();
        };
    }

    /** Those of {@code names} that a token has. */
    static Map<String, String> texts(Claims token, Iterable<String> names) {
        Map<String, String> texts = new TreeMap<>();
        for (String name : names) {
            text(token, name).ifPresent(text -> texts.put(name, text));
        }
        return texts;
    }

    /**
     * The file in {@code reference}, {@code <prefix><file>@<ref>}: what stands before it says in
     * which repository it is, as that is called now.
     */
    static Optional<String> file(Optional<String> reference, String prefix) {
        return reference
                .filter(text -> text.startsWith(prefix))
                .map(text -> text.substring(prefix.length()))
                .filter(rest -> rest.indexOf('@') > 0)
                .map(rest -> rest.substring(0, rest.indexOf('@')));
    }
}
