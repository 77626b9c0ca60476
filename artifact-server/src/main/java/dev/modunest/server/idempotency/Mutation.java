package dev.modunest.server.idempotency;

import dev.modunest.db.Account;
import dev.modunest.format.Digest;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request that changes something.
 *
 * @param key the Idempotency-Key (draft-ietf-httpapi-idempotency-key-header); one key has one
 *     effect per account
 * @param fingerprint tells a retry from another request with the same key
 */
public record Mutation(Account account, Optional<String> key, String fingerprint) {

    private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

    /**
     * Reads the key of {@code request}.
     *
     * @param content what the body is known by: its digest, or what is announced of it
     */
    public static Mutation of(ServerRequest request, Account account, String content) {
        String identity =
                String.join(
                        "\n",
                        request.prologue().method().text(),
                        request.prologue().uriPath().rawPath(),
                        request.query().rawValue(),
                        content);
        return new Mutation(
                account,
                request.headers().first(IDEMPOTENCY_KEY).map(Mutation::key),
                Digest.ofBytes(identity.getBytes(StandardCharsets.UTF_8)).hex());
    }

    /** The draft writes the key in quotes, many clients do not: both mean the same key. */
    private static String key(String value) {
        boolean quoted = value.length() > 2 && value.startsWith("\"") && value.endsWith("\"");
        String key = quoted ? value.substring(1, value.length() - 1) : value;
        if (!FORM.matcher(key).matches()) {
            throw new Rejection(
                    ProblemCode.IDEMPOTENCY_KEY_INVALID,
                    "Idempotency-Key has "
                            + key.length()
                            + " characters; it is 1 to 255 visible ASCII characters, best a random UUID");
        }
        return key;
    }
}
