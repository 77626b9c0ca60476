package dev.modunest.loader.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.loader.TrustedIssuer.Algorithm;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;

/** A JWS in compact form (RFC 7515 7.1), taken apart and nothing of it believed yet. */
final class CompactToken {

    /** Several times what a registry issues; more is refused before it is looked at. */
    static final int MAX_LENGTH = 8_192;

    private final ObjectNode header;
    private final ObjectNode claims;
    private final byte[] signed;
    private final byte[] signature;

    private CompactToken(ObjectNode header, ObjectNode claims, byte[] signed, byte[] signature) {
        this.header = header;
        this.claims = claims;
        this.signed = signed;
        this.signature = signature;
    }

    static CompactToken parse(String token) throws RejectedException {
        if (token.length() > MAX_LENGTH) {
            throw new RejectedException(
                    "too-large",
                    "The token has "
                            + token.length()
                            + " characters and the limit is "
                            + MAX_LENGTH
                            + ": ask for one with fewer scopes.");
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw malformed("it has " + parts.length + " parts and a signed JWT has 3");
        }
        try {
            return new CompactToken(
                    StrictJson.object(Base64Url.decode(parts[0])),
                    StrictJson.object(Base64Url.decode(parts[1])),
                    token.substring(0, token.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII),
                    Base64Url.decode(parts[2]));
        } catch (IllegalArgumentException unreadable) {
            throw malformed("its parts are not base64url of JSON objects with every key once");
        }
    }

    ObjectNode header() {
        return header;
    }

    ObjectNode claims() {
        return claims;
    }

    /** Whether its signature is {@code key}'s. */
    boolean isSignedBy(PublicKey key, Algorithm algorithm) {
        return Signatures.verify(algorithm, key, signed, signature);
    }

    private static RejectedException malformed(String why) {
        return new RejectedException(
                "malformed",
                "This is no access token, " + why + ": send one as the issuer gave it.");
    }
}
