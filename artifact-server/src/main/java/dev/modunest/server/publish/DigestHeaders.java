package dev.modunest.server.publish;

import dev.modunest.format.Digest;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code Repr-Digest} and {@code Content-Digest} (RFC 9530) of a request. */
final class DigestHeaders {

    /** A byte sequence of structured fields (RFC 8941 3.3.5) under the key sha-256. */
    private static final Pattern SHA_256 =
            Pattern.compile("(?:^|,)\\s*sha-256=:([A-Za-z0-9+/]{43}=):\\s*(?=$|,)");

    private DigestHeaders() {}

    /**
     * The SHA-256 that the headers agree on; empty without headers. Other algorithms beside it are
     * not looked at.
     */
    static Optional<Digest> announced(List<String> values) {
        List<Digest> digests = values.stream().map(DigestHeaders::parse).distinct().toList();
        if (digests.size() > 1) {
            throw new Rejection(
                    ProblemCode.DIGEST_HEADER_INVALID,
                    "Repr-Digest and Content-Digest announce different digests; send one of them");
        }
        return digests.stream().findFirst();
    }

    private static Digest parse(String value) {
        Matcher matcher = SHA_256.matcher(value);
        if (!matcher.find()) {
            throw new Rejection(
                    ProblemCode.DIGEST_HEADER_INVALID,
                    "'"
                            + value
                            + "' names no SHA-256; write sha-256=:<base64 of the 32 bytes>: or leave the header out");
        }
        return new Digest(HexFormat.of().formatHex(Base64.getDecoder().decode(matcher.group(1))));
    }
}
