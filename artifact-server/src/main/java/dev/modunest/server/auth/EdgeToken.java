package dev.modunest.server.auth;

import dev.modunest.format.Digest;
import dev.modunest.settings.Secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Tells edges by the token that they share with the server; without one nobody is an edge. */
public final class EdgeToken {

    private final Optional<byte[]> expected;

    public EdgeToken(Optional<Secret> token) {
        this.expected = token.map(secret -> sha256(secret.value()));
    }

    /** Whether {@code token} is that of the edges of this registry. */
    public boolean is(String token) {
        // The digests are of one length, so that the time tells nothing of the token.
        return expected.filter(digest -> MessageDigest.isEqual(digest, sha256(token))).isPresent();
    }

    private static byte[] sha256(String text) {
        return Digest.newMessageDigest().digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
